package io.countersign.integration.bench.proxy;

import io.countersign.integration.bench.Quantiles;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Swaps of all TLS contexts under load: rounds of swaps and of none in turn, so that what else the machine does
/// falls on both. The peers put their certificates in force anew as often, for comparison.
final class SwapRows {
    /// What every other row measures warm is warm here after some swaps.
    private static final int WARM_UP = 200;

    private static final int WITHDRAWALS = 50;
    private static final int ROUNDS = 5;
    private static final int SWAPS = 20;
    private static final Duration BETWEEN = Duration.ofMillis(490);

    /// Two that come quickly one after the other may be one swap for a node.
    private static final int SWAPS_MIN = ROUNDS * SWAPS * 9 / 10;

    private static final String SWAPPED = "tls material applied";
    private static final Duration TIME = Duration.ofSeconds(10);

    private final Pair pair;
    private final Sidecars sidecars;
    private final Peers peers;
    private final List<Pair> others;

    /// @param others the peers' pairs
    SwapRows(Pair pair, Sidecars sidecars, Peers peers, List<Pair> others) {
        this.pair = pair;
        this.sidecars = sidecars;
        this.peers = peers;
        this.others = others;
    }

    List<Line> run() throws IOException, InterruptedException {
        var own = new Tally(pair);
        var tallies = others.stream().map(Tally::new).toList();
        var cuts = new ArrayList<Duration>();
        long swapped;
        try (var swaps = new TrustSwaps(pair, sidecars.bus())) {
            for (var i = 0; i < WARM_UP; i++) {
                swaps.swap();
            }
            for (var i = 0; i < WITHDRAWALS; i++) {
                cuts.add(swaps.withdraw());
            }
            var before = swapped();
            for (var i = 0; i < ROUNDS; i++) {
                // The load shares its core with this program: what can be made before is, and none is waited for.
                var prepared = Stream.generate(swaps::next).limit(SWAPS).toList();
                var next = prepared.iterator();
                round(own, () -> swaps.write(next.next()));
                swaps.awaitInForce(prepared.getLast());
                for (var tally : tallies) {
                    round(tally, () -> peers.swap(tally.pair));
                }
            }
            swapped = swapped() - before;
        }
        if (swapped < 2 * SWAPS_MIN) {
            throw new IllegalStateException("swaps of both: " + swapped + " (expected: ≥ " + 2 * SWAPS_MIN + ")");
        }
        System.err.printf("  %d requests over %d swaps of both%n", own.requests, swapped);
        var cut = Quantiles.of(cuts);
        return List.of(
                Line.of("dropped root to the end of its connections, median of 50", "ms", cut.millis(0.5), "1000"),
                Line.of("the same, slowest", "ms", cut.millis(1), "1000"),
                Line.of("failed requests over 100 swaps, kept and new connections", "count", own.failed, "0"),
                new Line("the peers'", "count", values(tallies, tally -> tally.failed), ""),
                Line.of("p99 while swapping to p99 of the steady state", "ratio", own.ratio(), "1.2"),
                new Line("the peers'", "ratio", values(tallies, Tally::ratio), ""));
    }

    private static Map<String, Double> values(List<Tally> tallies, ToDoubleFunction<Tally> value) {
        return tallies.stream().collect(Collectors.toMap(tally -> tally.pair.name(), value::applyAsDouble));
    }

    private static void round(Tally tally, Runnable swap) throws InterruptedException {
        var steady = load(tally.pair).join();
        var loaded = load(tally.pair);
        for (var i = 0; i < SWAPS; i++) {
            swap.run();
            Thread.sleep(BETWEEN);
        }
        tally.add(steady, loaded.join());
    }

    private long swapped() throws IOException {
        long count = 0;
        for (var log : sidecars.logs()) {
            try (var lines = Files.lines(log)) {
                count += lines.filter(line -> line.contains(SWAPPED)).count();
            }
        }
        return count;
    }

    /// What came of all rounds of a pair.
    private static final class Tally {
        private final Pair pair;
        private final List<Double> ratios = new ArrayList<>();
        private long requests;
        private double failed;

        Tally(Pair pair) {
            this.pair = pair;
        }

        void add(Outcomes steady, Outcomes swapping) {
            System.err.printf(
                    "  %s, p99 steady %.1f ms, swapping %.1f ms%n", pair.name(), steady.p99(), swapping.p99());
            ratios.add(swapping.p99() / steady.p99());
            requests += swapping.requests();
            failed += swapping.failed();
        }

        double ratio() {
            return Rounds.median(ratios);
        }
    }

    private record Outcomes(Load.Outcome kept, Load.Outcome fresh) {
        long failed() {
            return kept.failed() + fresh.failed();
        }

        long requests() {
            return kept.requests() + fresh.requests();
        }

        double p99() {
            return kept.p99Millis();
        }
    }

    private static CompletableFuture<Outcomes> load(Pair pair) {
        var kept = CompletableFuture.supplyAsync(() -> Load.of(32, TIME).on(pair, "/s"), Thread::startVirtualThread);
        var fresh = CompletableFuture.supplyAsync(
                () -> Load.of(4, TIME).with("Connection: close").on(pair, "/s"), Thread::startVirtualThread);
        return kept.thenCombine(fresh, Outcomes::new);
    }
}
