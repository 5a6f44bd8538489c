package io.countersign.integration.bench.proxy;

import io.countersign.identity.IssuedSvid;
import io.countersign.integration.bench.MeasuredProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// nginx and HAProxy as two proxies in a row, and the backend that all proxies have.
final class Peers implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final String NO_ANNOUNCEMENT = "nothing is said";

    private final PeerFiles files;
    private final IssuedSvid client;
    private final MeasuredProcess backend;

    Peers(Path directory, String address) throws IOException {
        files = new PeerFiles(Files.createDirectories(directory), address);
        client = files.prepare();
        backend = start(Cores.load(nginx(files.backend())), PeerFiles.BACKEND);
    }

    String backendAddress() {
        return files.address() + ":" + PeerFiles.BACKEND;
    }

    /// Has both proxies of a pair put their certificates in force anew.
    void swap(Pair pair) {
        new PeerSwaps(files).swap(pair);
    }

    Pair nginx() throws IOException {
        var server = start(Cores.proxy(nginx(files.nginxServer(9111))), 9111);
        return pair(Line.NGINX, start(Cores.proxy(nginx(files.nginxClient(9110, 9111))), 9110), 9110, server, 9111);
    }

    Pair haproxy() throws IOException {
        var server = start(Cores.proxy(haproxy(files.haproxyServer(9121))), 9121);
        return pair(
                Line.HAPROXY, start(Cores.proxy(haproxy(files.haproxyClient(9120, 9121))), 9120), 9120, server, 9121);
    }

    /// nginx that knows nothing of HTTP.
    Pair nginxTcp() throws IOException {
        var server = start(Cores.proxy(nginx(files.nginxTcpServer(9211))), 9211);
        return pair(Line.NGINX, start(Cores.proxy(nginx(files.nginxTcpClient(9210, 9211))), 9210), 9210, server, 9211);
    }

    /// HAProxy that knows nothing of HTTP.
    Pair haproxyTcp() throws IOException {
        var server = start(Cores.proxy(haproxy(files.haproxyTcpServer(9221))), 9221);
        return pair(
                Line.HAPROXY,
                start(Cores.proxy(haproxy(files.haproxyTcpClient(9220, 9221))), 9220),
                9220,
                server,
                9221);
    }

    @Override
    public void close() {
        backend.close();
    }

    private Pair pair(String name, MeasuredProcess clientProxy, int port, MeasuredProcess serverProxy, int tls) {
        return new Pair(
                name,
                clientProxy,
                serverProxy,
                files.address() + ":" + port,
                PeerFiles.NAME,
                new InetSocketAddress(files.address(), tls),
                client);
    }

    private static List<String> nginx(Path configuration) {
        return List.of("nginx", "-c", configuration.toString());
    }

    private static List<String> haproxy(Path configuration) {
        return List.of("haproxy", "-db", "-f", configuration.toString());
    }

    private MeasuredProcess start(List<String> command, int port) {
        if (listens(port)) {
            throw new IllegalStateException(files.address() + ":" + port + ": taken (expected: free)");
        }
        var log = files.directory().resolve("port-" + port + ".log");
        var process = MeasuredProcess.start(command, Map.of(), NO_ANNOUNCEMENT, log);
        var deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!listens(port)) {
            if (System.nanoTime() > deadline || process.announced().isDone()) {
                process.close();
                throw new IllegalStateException(String.join(" ", command) + ": does not listen; see " + log);
            }
            pause();
        }
        return process;
    }

    private boolean listens(int port) {
        try (var _ = new Socket(files.address(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a peer started", e);
        }
    }
}
