package io.countersign.integration.bench.proxy;

import io.countersign.integration.bench.MeasuredProcess;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A start of the server's proxy on one core: to its first answer over mutual TLS, and what its first requests cost.
final class StartRows {
    private static final int ROUNDS = 3;
    private static final Duration COLD = Duration.ofSeconds(4);
    private static final int CONNECTIONS = 64;
    private static final Duration POLL = Duration.ofMillis(2);
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final Sidecars sidecars;
    private final TlsClient client;

    StartRows(Sidecars sidecars) {
        this.sidecars = sidecars;
        this.client = new TlsClient(sidecars.clientSvid());
    }

    List<Line> run() throws IOException, InterruptedException {
        var restarts = new ArrayList<Double>();
        var cold = new ArrayList<Double>();
        warmUpClient();
        for (int i = 0; i < ROUNDS; i++) {
            try (var node = sidecars.launchServer(false)) {
                restarts.add(firstAnswerMillis(node));
                cold.add(coldMicros(node));
            }
        }
        var firsts = new ArrayList<Double>();
        for (int i = 0; i < ROUNDS; i++) {
            sidecars.forgetServer();
            try (var node = sidecars.launchServer(false)) {
                firsts.add(firstAnswerMillis(node));
            }
        }
        System.err.printf("  restarts %s ms, first starts %s ms, cold %s us%n", restarts, firsts, cold);
        return List.of(
                Line.of(
                        "restart from disk to the first answer over mutual TLS, one core",
                        "ms",
                        Rounds.median(restarts),
                        "1,000"),
                Line.of("first start, with its certificate still to be asked for", "ms", Rounds.median(firsts), ""),
                Line.of(
                        "processor time per plaintext request in the first 4 s of load",
                        "us",
                        Rounds.median(cold),
                        "100"));
    }

    /// The measuring client's own first handshakes take longer than a node's start; the node leaves its cache.
    private void warmUpClient() throws IOException, InterruptedException {
        try (var node = sidecars.launchServer(true)) {
            firstAnswerMillis(node);
            for (int i = 0; i < 200; i++) {
                ask().close();
            }
            coldMicros(node);
        }
        if (!Files.exists(sidecars.cache())) {
            throw new IllegalStateException(sidecars.cache() + ": not written (expected: a cache of classes)");
        }
    }

    private double firstAnswerMillis(MeasuredProcess node) throws IOException, InterruptedException {
        while (true) {
            try (var _ = ask()) {
                return node.sinceStart().toNanos() / 1e6;
            } catch (IOException e) {
                if (node.sinceStart().compareTo(TIMEOUT) > 0) {
                    throw e;
                }
                Thread.sleep(POLL);
            }
        }
    }

    private Socket ask() throws IOException {
        return client.ask(sidecars.serverAddress(), "GET /s HTTP/1.1\r\nHost: " + sidecars.serverHost() + "\r\n\r\n");
    }

    private double coldMicros(MeasuredProcess node) {
        var before = node.cpu();
        var server = sidecars.serverAddress();
        var outcome = Load.of(CONNECTIONS, COLD)
                .with("Host: " + sidecars.serverHost())
                .on(String.format(Locale.ROOT, "http://%s:%d/s", server.getHostString(), server.getPort()));
        return node.cpu().minus(before).toNanos() / 1e3 / outcome.requests();
    }
}
