package io.countersign.integration.bench.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/// A hundred swaps of all TLS contexts under load.
final class SwapRows {
    /// What every other row measures warm is warm here after some swaps.
    private static final int WARM_UP = 200;

    private static final int SWAPS = 100;
    private static final Duration BETWEEN = Duration.ofMillis(490);

    /// Two that come quickly one after the other may be one swap for a node.
    private static final int SWAPS_MIN = 90;

    private static final String SWAPPED = "tls material applied";
    private static final Duration TIME = Duration.ofSeconds(50);

    private final Pair pair;
    private final Sidecars sidecars;

    SwapRows(Pair pair, Sidecars sidecars) {
        this.pair = pair;
        this.sidecars = sidecars;
    }

    List<Line> run() throws IOException, InterruptedException {
        long before;
        Outcomes steadyOutcomes;
        Outcomes outcomes;
        try (var swaps = new TrustSwaps(pair, sidecars.bus())) {
            for (var i = 0; i < WARM_UP; i++) {
                swaps.swap();
            }
            steadyOutcomes = load().join();
            before = swapped();
            // The load shares its core with this program: what can be made before is, and no client looks for each
            // swap.
            var prepared = Stream.generate(swaps::next).limit(SWAPS).toList();
            var swapping = load();
            for (var swap : prepared) {
                swaps.write(swap);
                Thread.sleep(BETWEEN);
            }
            outcomes = swapping.join();
            swaps.awaitInForce(prepared.getLast());
        }
        var swapped = swapped() - before;
        System.err.printf("  steady %s%n  swapping %s; %d swaps of both%n", steadyOutcomes, outcomes, swapped);
        if (swapped < 2 * SWAPS_MIN) {
            throw new IllegalStateException("swaps of both: " + swapped + " (expected: ≥ " + 2 * SWAPS_MIN + ")");
        }
        return List.of(
                Line.of(
                        "failed requests over 100 swaps, kept and new connections",
                        "count",
                        (double) outcomes.failed(),
                        "0"),
                Line.of(
                        "p99 while swapping to p99 of the steady state",
                        "ratio",
                        outcomes.kept().p99Millis() / steadyOutcomes.kept().p99Millis(),
                        "1.2"));
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
    }

    private CompletableFuture<Outcomes> load() {
        var kept = CompletableFuture.supplyAsync(() -> Load.of(32, TIME).on(pair, "/s"), Thread::startVirtualThread);
        var fresh = CompletableFuture.supplyAsync(
                () -> Load.of(4, TIME).with("Connection: close").on(pair, "/s"), Thread::startVirtualThread);
        return kept.thenCombine(fresh, Outcomes::new);
    }
}
