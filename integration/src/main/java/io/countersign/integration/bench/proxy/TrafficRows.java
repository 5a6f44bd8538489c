package io.countersign.integration.bench.proxy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// Processor time of both proxies for traffic through both.
final class TrafficRows {
    private static final Duration WARM_UP = Duration.ofSeconds(22);
    private static final Duration WARM_UP_MAX = Duration.ofSeconds(60);
    /// Time alone does not do it on a machine that has other work, too.
    private static final long WARM_UP_REQUESTS = 300_000;
    private static final int SECONDS = 4;
    private static final int ROUNDS = 5;
    private static final int CONNECTIONS = 64;
    private static final String SMALL = "/s";

    private TrafficRows() {}

    static Line http1(List<Pair> pairs) throws IOException, InterruptedException {
        warm(pairs.getFirst());
        var values = Rounds.medians("us/request", ROUNDS, pairs, TrafficRows::microsPerRequest);
        return new Line("HTTP/1.1 in, two mutual-TLS hops: processor time per request", "us", values, "ratio ≤ 1.0");
    }

    /// Until both compilers are done with what a request runs through.
    static void warm(Pair node) {
        var began = System.nanoTime();
        var elapsed = Duration.ZERO;
        long requests = 0;
        while (elapsed.compareTo(WARM_UP) < 0 || (requests < WARM_UP_REQUESTS && elapsed.compareTo(WARM_UP_MAX) < 0)) {
            requests += Load.of(CONNECTIONS, SECONDS).on(node, SMALL).requests();
            elapsed = Duration.ofNanos(System.nanoTime() - began);
        }
    }

    private static double microsPerRequest(Pair pair) {
        var client = pair.client().cpu();
        var server = pair.server().cpu();
        var outcome = Load.of(CONNECTIONS, SECONDS).on(pair, SMALL);
        if (outcome.failed() > 0) {
            throw new IllegalStateException(pair.name() + ": " + outcome + " (expected: none failed)");
        }
        var clientMicros = pair.client().cpu().minus(client).toNanos() / 1e3 / outcome.requests();
        var serverMicros = pair.server().cpu().minus(server).toNanos() / 1e3 / outcome.requests();
        System.err.printf(
                "  %s: %d requests/s, client's proxy %.1f us, server's %.1f us%n",
                pair.name(), outcome.requests() / SECONDS, clientMicros, serverMicros);
        return clientMicros + serverMicros;
    }
}
