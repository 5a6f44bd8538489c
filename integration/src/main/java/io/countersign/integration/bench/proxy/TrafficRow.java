package io.countersign.integration.bench.proxy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Processor time of both proxies for traffic through both.
///
/// @param work what of an outcome the time is divided by
/// @param warmUp so much work at least goes first
record TrafficRow(
        String what, int connections, String path, ToDoubleFunction<Load.Outcome> work, double warmUp, String goal) {
    static final TrafficRow HTTP1 = new TrafficRow(
            "HTTP/1.1 in, two mutual-TLS hops: processor time per request",
            64,
            "/s",
            Load.Outcome::requests,
            300_000,
            "ratio ≤ 1.0");
    static final TrafficRow TCP = new TrafficRow(
            "TCP, small requests, two mutual-TLS hops: processor time per request",
            64,
            "/s",
            Load.Outcome::requests,
            300_000,
            "ratio ≤ 0.95");
    static final TrafficRow BULK = new TrafficRow(
            "TCP, 16 MiB each, two mutual-TLS hops: processor time per MiB",
            4,
            "/bulk",
            Load.Outcome::mebibytes,
            6_000,
            "ratio ≤ 0.87");

    private static final Duration WARM_UP = Duration.ofSeconds(22);
    private static final Duration WARM_UP_MAX = Duration.ofSeconds(60);
    private static final Duration TIME = Duration.ofSeconds(4);
    private static final int ROUNDS = 5;

    Line run(List<Pair> pairs) throws IOException, InterruptedException {
        warm(pairs.getFirst());
        return new Line(what, "us", Rounds.medians("us", ROUNDS, pairs, this::micros), goal);
    }

    /// Until both compilers are done with what the traffic runs through. Time alone does not do it on a machine that
    /// has other work, too.
    void warm(Pair node) {
        var began = System.nanoTime();
        var elapsed = Duration.ZERO;
        double done = 0;
        while (elapsed.compareTo(WARM_UP) < 0 || (done < warmUp && elapsed.compareTo(WARM_UP_MAX) < 0)) {
            done += work.applyAsDouble(load(node, TIME));
            elapsed = Duration.ofNanos(System.nanoTime() - began);
        }
    }

    Load.Outcome load(Pair pair, Duration time) {
        return Load.of(connections, time).on(pair, path);
    }

    private double micros(Pair pair) {
        var client = pair.client().cpu();
        var server = pair.server().cpu();
        var outcome = load(pair, TIME);
        if (outcome.failed() > 0) {
            throw new IllegalStateException(pair.name() + ": " + outcome + " (expected: none failed)");
        }
        var amount = work.applyAsDouble(outcome);
        var clientMicros = pair.client().cpu().minus(client).toNanos() / 1e3 / amount;
        var serverMicros = pair.server().cpu().minus(server).toNanos() / 1e3 / amount;
        System.err.printf(
                "  %s: %.0f/s, client's proxy %.1f us, server's %.1f us%n",
                pair.name(), amount / TIME.toSeconds(), clientMicros, serverMicros);
        return clientMicros + serverMicros;
    }
}
