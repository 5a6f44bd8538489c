package io.countersign.local.plan;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a mesh on one machine may be told.
///
/// @param home the folder of the build: the modules' jars are below it
/// @param samples the sets that are started
/// @param svidLifetime of every certificate that ca-service issues
/// @param timeout until everything must be ready
/// @param classArchives where the JVMs keep archives of their classes, for quicker starts; empty for none
public record MeshOptions(
        Path home,
        StateFolder state,
        LocalNetwork network,
        Set<SampleSet> samples,
        Duration svidLifetime,
        Duration timeout,
        Optional<Path> classArchives) {

    public static final Duration DEFAULT_SVID_LIFETIME = Duration.ofDays(1);
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);

    public MeshOptions {
        home = home.toAbsolutePath().normalize();
        samples = Set.copyOf(samples);
        requirePositive("svid lifetime", svidLifetime);
        requirePositive("timeout", timeout);
    }

    /// A mesh with the usual times and without class archives.
    public static MeshOptions of(Path home, StateFolder state, LocalNetwork network, Set<SampleSet> samples) {
        return new MeshOptions(home, state, network, samples, DEFAULT_SVID_LIFETIME, DEFAULT_TIMEOUT, Optional.empty());
    }

    /// The workloads of all sets, always in the same order.
    public List<SampleWorkload> workloads() {
        return Arrays.stream(SampleSet.values())
                .filter(samples::contains)
                .flatMap(set -> set.workloads().stream())
                .toList();
    }

    private static void requirePositive(String name, Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: > 0)");
        }
    }
}
