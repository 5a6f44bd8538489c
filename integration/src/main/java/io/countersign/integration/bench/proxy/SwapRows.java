package io.countersign.integration.bench.proxy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A hundred swaps of all TLS contexts under load.
final class SwapRows {
    private static final int SWAPS = 100;
    private static final Duration BETWEEN = Duration.ofMillis(150);
    private static final Duration TIME = Duration.ofSeconds(20);

    private final Pair pair;
    private final Path bus;

    SwapRows(Pair pair, Path bus) {
        this.pair = pair;
        this.bus = bus;
    }

    List<Line> run() throws IOException, InterruptedException {
        var steady = load();
        var steadyOutcomes = steady.join();
        var swapping = load();
        var began = System.nanoTime();
        try (var swaps = new TrustSwaps(pair, bus)) {
            for (int i = 0; i < SWAPS; i++) {
                swaps.swap();
                Thread.sleep(BETWEEN);
            }
        }
        var took = Duration.ofNanos(System.nanoTime() - began);
        var outcomes = swapping.join();
        System.err.printf("  steady %s%n  swapping %s; %d swaps in %s%n", steadyOutcomes, outcomes, SWAPS, took);
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
