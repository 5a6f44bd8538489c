package io.countersign.integration.bench.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/// Full mutual handshakes, each on a connection of its own with one request, which the server's proxy answers itself.
final class HandshakeRow {
    private static final int ROUNDS = 3;
    private static final int CLIENTS = 32;
    private static final Duration TIME = Duration.ofSeconds(4);
    private static final Duration WARM_UP = Duration.ofSeconds(8);

    private HandshakeRow() {}

    static Line run(List<Pair> pairs) throws IOException, InterruptedException {
        for (var pair : pairs) {
            handshakes(pair, WARM_UP);
        }
        var values = Rounds.medians("us/handshake", ROUNDS, pairs, HandshakeRow::microsPerHandshake);
        return new Line(
                "full mutual handshake, peers on the distribution's OpenSSL: processor time",
                "us",
                values,
                "ratio ≤ 0.35");
    }

    private static double microsPerHandshake(Pair pair) {
        var before = pair.server().cpu();
        var handshakes = handshakes(pair, TIME);
        return pair.server().cpu().minus(before).toNanos() / 1e3 / handshakes;
    }

    private static long handshakes(Pair pair, Duration time) {
        var client = new TlsClient(pair.svid());
        var deadline = System.nanoTime() + time.toNanos();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return Stream.generate(
                            () -> CompletableFuture.supplyAsync(() -> handshakes(client, pair, deadline), threads))
                    .limit(CLIENTS)
                    .toList()
                    .stream()
                    .mapToLong(CompletableFuture::join)
                    .sum();
        }
    }

    private static long handshakes(TlsClient client, Pair pair, long deadline) {
        long count = 0;
        while (System.nanoTime() < deadline) {
            handshake(client, pair);
            count++;
        }
        return count;
    }

    private static void handshake(TlsClient client, Pair pair) {
        // Peers have an answer of their own for this path; the node answers a request without Host by itself.
        var host = pair.name().equals(Line.NODE) ? "" : "Host: " + pair.host() + "\r\n";
        try (var _ = client.ask(pair.tls(), "GET /hs HTTP/1.1\r\n" + host + "\r\n")) {
            // That was all.
        } catch (IOException e) {
            throw new UncheckedIOException(pair.name(), e);
        }
    }
}
