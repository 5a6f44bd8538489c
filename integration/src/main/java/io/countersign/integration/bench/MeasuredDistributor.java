package io.countersign.integration.bench;

import io.countersign.identity.IssuedSvid;
import io.countersign.identity.SvidFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// The packaged config-distributor in a process of its own.
final class MeasuredDistributor implements AutoCloseable {
    /// As a deployment would run it: both compilers, and half of the memory that deploy/k8s grants as heap.
    static final List<String> JVM = List.of(
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-Xss512k",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED");

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PROBE_PAUSE = Duration.ofMillis(25);
    private static final int OK = 200;

    private final MeasuredProcess process;
    private final Times times;

    /// How long a start took.
    ///
    /// @param fromProcess from the process's start to ready, that is publishing
    /// @param fromBus from the first use of the bus to ready
    record Times(Duration fromProcess, Duration fromBus) {}

    private MeasuredDistributor(MeasuredProcess process, Times times) {
        this.process = process;
        this.times = times;
    }

    /// Starts it, and returns when it is ready.
    static MeasuredDistributor start(Path directory, String servers, IssuedSvid identity) {
        var port = freePort();
        new SvidFiles(directory.resolve("certs")).write(identity);
        var arguments = new ArrayList<>(JVM);
        arguments.add("-jar");
        arguments.add(Path.of("config-distributor/target/quarkus-app/quarkus-run.jar")
                .toAbsolutePath()
                .toString());
        var process = MeasuredProcess.java(
                arguments,
                Map.of("QUARKUS_CONFIG_LOCATIONS", configuration(directory, servers, identity, port)),
                "configuration in force",
                directory.resolve("config-distributor.log"));
        var began = process.announced()
                .orTimeout(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .thenApply(_ -> System.nanoTime())
                .join();
        awaitReady(URI.create("http://127.0.0.1:" + port + "/q/health/ready"));
        return new MeasuredDistributor(
                process, new Times(process.sinceStart(), Duration.ofNanos(System.nanoTime() - began)));
    }

    Times times() {
        return times;
    }

    MeasuredProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }

    private static String configuration(Path directory, String servers, IssuedSvid identity, int port) {
        var file = directory.resolve("config-distributor.properties");
        var bus = directory.resolve("bus.properties");
        try {
            Files.writeString(bus, "bootstrap.servers=" + servers + "\n");
            var users = Files.writeString(directory.resolve("users.csv"), UUID.randomUUID() + ",bench,bench\n");
            // Its certificate is there already, so that no ca-service is asked.
            Files.writeString(file, """
                    countersign.bus.properties-file=%s
                    countersign.distributor.users-file=%s
                    countersign.identity.ca-uri=https://127.0.0.1:1
                    countersign.identity.spiffe-id=%s
                    countersign.identity.node-id=config-distributor
                    countersign.identity.join-token-file=%s
                    countersign.identity.directory=%s
                    quarkus.http.ssl-port=0
                    quarkus.management.port=%d
                    """.formatted(
                            bus,
                            users,
                            identity.svid().spiffeId(),
                            directory.resolve("no-token"),
                            directory.resolve("certs"),
                            port));
        } catch (IOException e) {
            throw new UncheckedIOException("configuration in " + directory, e);
        }
        return file.toString();
    }

    private static void awaitReady(URI health) {
        var deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        try (var client = HttpClient.newHttpClient()) {
            while (!isReady(client, health)) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("config-distributor: not ready after " + START_TIMEOUT);
                }
                Thread.sleep(PROBE_PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while config-distributor started", e);
        }
    }

    private static boolean isReady(HttpClient client, URI health) throws InterruptedException {
        try {
            return client.send(HttpRequest.newBuilder(health).build(), BodyHandlers.discarding())
                            .statusCode()
                    == OK;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }
}
