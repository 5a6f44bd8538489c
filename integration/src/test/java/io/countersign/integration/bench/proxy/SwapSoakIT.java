package io.countersign.integration.bench.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.bench.MeasuredProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Two sidecars whose TLS contexts are swapped thousands of times under load: `-Dsoak.swaps` for how often.
@EnabledIfSystemProperty(named = "soak.swaps", matches = "[0-9]+")
class SwapSoakIT {
    private static final int SWAPS = Integer.getInteger("soak.swaps", 0);
    private static final int SAMPLES = 20;
    /// Samples that belong to the warm-up.
    private static final int WARM_UP = SAMPLES / 4;
    private static final double GROWTH_MAX = 1.05;
    /// A heap that is there from the start leaves only native memory to grow.
    private static final String[] FLAGS = {"-Dio.netty.leakDetection.level=paranoid", "-Xms128m", "-XX:+AlwaysPreTouch"
    };

    /// One look at both sidecars.
    private record Sample(long heap, long resident) {}

    @Test
    void memoryStaysFlatAndNothingLeaksOverThousandsOfSwaps() throws Exception {
        var directory = Files.createTempDirectory(
                Files.createDirectories(Path.of("target/bench").toAbsolutePath()), "soak");
        try (var peers = new Peers(directory, "127.37.9.1");
                var sidecars = Sidecars.start(directory, "127.37", peers.backendAddress());
                var pair = sidecars.pair(FLAGS);
                var swaps = new TrustSwaps(pair, sidecars.bus())) {
            // Given
            var running = new AtomicBoolean(true);
            var load = CompletableFuture.supplyAsync(() -> failures(pair, running), Thread::startVirtualThread);

            // When
            var samples = new ArrayList<Sample>();
            for (int i = 0; i < SAMPLES; i++) {
                for (int j = 0; j < SWAPS / SAMPLES; j++) {
                    swaps.swap();
                }
                samples.add(sample(pair));
                System.out.println("soak: " + (i + 1) * SWAPS / SAMPLES + " swaps, " + samples.getLast());
            }
            running.set(false);

            // Then
            assertThat(load.join()).isZero();
            assertThat(growth(samples, Sample::heap)).isLessThan(GROWTH_MAX);
            assertThat(growth(samples, Sample::resident)).isLessThan(GROWTH_MAX);
            for (var log : sidecars.logs()) {
                assertThat(Files.readString(log)).doesNotContain("LEAK");
            }
        }
    }

    private static long failures(Pair pair, AtomicBoolean running) {
        long failed = 0;
        while (running.get()) {
            failed += Load.of(8, 10).on(pair, "/s").failed();
            failed += Load.of(4, 2).with("Connection: close").on(pair, "/s").failed();
        }
        return failed;
    }

    private static Sample sample(Pair pair) {
        var both = List.of(pair.client(), pair.server());
        return new Sample(
                both.stream().mapToLong(node -> JavaTool.liveHeap(node.pid())).sum(),
                both.stream().mapToLong(MeasuredProcess::residentBytes).sum());
    }

    /// From the first quarter after the warm-up to the last quarter.
    private static double growth(List<Sample> samples, ToLongFunction<Sample> of) {
        var first = samples.subList(WARM_UP, 2 * WARM_UP);
        var last = samples.subList(SAMPLES - WARM_UP, SAMPLES);
        return last.stream().mapToLong(of).average().orElseThrow()
                / first.stream().mapToLong(of).average().orElseThrow();
    }
}
