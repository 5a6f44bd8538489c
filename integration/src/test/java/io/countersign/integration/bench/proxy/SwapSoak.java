package io.countersign.integration.bench.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.bench.MeasuredProcess;
import io.countersign.integration.traffic.SteadyTraffic;
import io.countersign.integration.traffic.SteadyTraffic.Connections;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Two sidecars whose TLS contexts are swapped thousands of times under load: `-Dsoak.swaps` for how often. For
/// `./dev soak`, since its name is no test's.
class SwapSoak {
    private static final int SWAPS = Integer.getInteger("soak.swaps", 10_000);
    private static final int SAMPLES = 20;
    /// Samples that belong to the warm-up.
    private static final int WARM_UP = SAMPLES / 4;
    private static final int CLIENTS = 4;
    /// Leaves time for the swaps: the paranoid detector is slow.
    private static final Duration PAUSE = Duration.ofMillis(10);
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
            var load = Stream.of(Connections.values())
                    .map(each -> SteadyTraffic.start(request(pair), each, CLIENTS, PAUSE))
                    .toList();

            // When
            var samples = new ArrayList<Sample>();
            for (int i = 0; i < SAMPLES; i++) {
                for (int j = 0; j < SWAPS / SAMPLES; j++) {
                    swaps.swap();
                }
                samples.add(sample(pair));
                System.out.println(
                        Instant.now() + " soak: " + (i + 1) * SWAPS / SAMPLES + " swaps, " + samples.getLast());
            }

            // Then
            for (var traffic : load) {
                var tally = traffic.stop();
                System.out.println("soak: " + tally);
                assertThat(tally.failures()).isEmpty();
                assertThat(tally.good()).isGreaterThan(SWAPS);
            }
            assertThat(growth(samples, Sample::heap)).isLessThan(GROWTH_MAX);
            assertThat(growth(samples, Sample::resident)).isLessThan(GROWTH_MAX);
            for (var log : sidecars.logs()) {
                assertThat(Files.readString(log)).doesNotContain("LEAK");
            }
        }
    }

    private static SteadyTraffic.Request request(Pair pair) {
        var entry = URI.create("http://" + pair.entry());
        return new SteadyTraffic.Request(
                new InetSocketAddress(entry.getHost(), entry.getPort()),
                "http://" + pair.host() + "/s",
                pair.host(),
                answer -> answer.status() == 200);
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
