package io.countersign.integration.bench.proxy;

import io.countersign.integration.bench.Quantiles;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/// Swaps of all TLS contexts under load: rounds of swaps and of none in turn, so that what else the machine does
/// falls on both.
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
    private final List<Double> ratios = new ArrayList<>();
    private long requests;
    private long failed;

    SwapRows(Pair pair, Sidecars sidecars) {
        this.pair = pair;
        this.sidecars = sidecars;
    }

    List<Line> run() throws IOException, InterruptedException {
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
                round(swaps);
            }
            swapped = swapped() - before;
        }
        if (swapped < 2 * SWAPS_MIN) {
            throw new IllegalStateException("swaps of both: " + swapped + " (expected: ≥ " + 2 * SWAPS_MIN + ")");
        }
        System.err.printf("  %d requests over %d swaps of both%n", requests, swapped);
        var cut = Quantiles.of(cuts);
        return List.of(
                Line.of("dropped root to the end of its connections, median of 50", "ms", cut.millis(0.5), "1000"),
                Line.of("the same, slowest", "ms", cut.millis(1), "1000"),
                Line.of("failed requests over 100 swaps, kept and new connections", "count", (double) failed, "0"),
                Line.of("p99 while swapping to p99 of the steady state", "ratio", Rounds.median(ratios), "1.2"));
    }

    private void round(TrustSwaps swaps) throws IOException, InterruptedException {
        var steady = load().join();
        // The load shares its core with this program: what can be made before is, and no client looks for each swap.
        var prepared = Stream.generate(swaps::next).limit(SWAPS).toList();
        var loaded = load();
        for (var swap : prepared) {
            swaps.write(swap);
            Thread.sleep(BETWEEN);
        }
        var swapping = loaded.join();
        swaps.awaitInForce(prepared.getLast());
        System.err.printf("  p99 steady %.1f ms, swapping %.1f ms%n", steady.p99(), swapping.p99());
        ratios.add(swapping.p99() / steady.p99());
        requests += swapping.requests();
        failed += swapping.failed();
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

    private CompletableFuture<Outcomes> load() {
        var kept = CompletableFuture.supplyAsync(() -> Load.of(32, TIME).on(pair, "/s"), Thread::startVirtualThread);
        var fresh = CompletableFuture.supplyAsync(
                () -> Load.of(4, TIME).with("Connection: close").on(pair, "/s"), Thread::startVirtualThread);
        return kept.thenCombine(fresh, Outcomes::new);
    }
}
