package io.countersign.integration.bench.proxy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// Full mutual handshakes, each on a connection of its own with one request, which the server's proxy answers itself.
final class HandshakeRow {
    private static final int ROUNDS = 3;
    private static final String CLASSIC = "X25519";
    private static final String POST_QUANTUM = "X25519MLKEM768";
    private static final Duration TIME = Duration.ofSeconds(4);
    private static final Duration WARM_UP_MAX = Duration.ofSeconds(60);
    private static final int WARM_UP_HANDSHAKES = 40_000;

    private HandshakeRow() {}

    static List<Line> run(List<Pair> pairs) throws IOException, InterruptedException {
        var node = pairs.getFirst();
        warm(node);
        var classic = Rounds.medians("us/handshake", ROUNDS, pairs, pair -> microsPerHandshake(pair, CLASSIC));
        var hybrid =
                Rounds.medians("us/handshake", ROUNDS, List.of(node), pair -> microsPerHandshake(pair, POST_QUANTUM));
        return List.of(
                new Line(
                        "full mutual handshake, X25519, peers on the distribution's OpenSSL: processor time",
                        "us",
                        classic,
                        "ratio ≤ 0.35"),
                new Line("the same with X25519MLKEM768, which the peers do not have", "us", hybrid, ""));
    }

    /// Until both compilers are done with what a handshake runs through.
    private static void warm(Pair node) {
        var deadline = System.nanoTime() + WARM_UP_MAX.toNanos();
        for (long count = 0; count < WARM_UP_HANDSHAKES && System.nanoTime() < deadline; ) {
            count += load(node, TIME);
        }
    }

    private static double microsPerHandshake(Pair pair, String group) {
        var before = pair.server().cpu();
        var handshakes = load(pair, group, TIME);
        return pair.server().cpu().minus(before).toNanos() / 1e3 / handshakes;
    }

    /// One after the other by several clients, for so long.
    ///
    /// @return how many there were
    static long load(Pair pair, Duration time) {
        return load(pair, CLASSIC, time);
    }

    private static long load(Pair pair, String group, Duration time) {
        // Peers have an answer of their own for this path; the node answers a request without Host by itself.
        var host = pair.name().equals(Line.NODE) ? "" : "Host: " + pair.host() + "\r\n";
        try (var load = new HandshakeLoad(pair.svid(), pair.tls(), group, "GET /hs HTTP/1.1\r\n" + host + "\r\n")) {
            return load.run(time);
        }
    }
}
