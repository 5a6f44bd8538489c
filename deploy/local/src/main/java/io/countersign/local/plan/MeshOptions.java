package io.countersign.local.plan;

import java.nio.file.Path;
import java.time.Duration;

/// What a mesh on one machine may be told.
///
/// @param home the folder of the build: the modules' jars are below it
/// @param svidLifetime of every certificate that ca-service issues
/// @param timeout until everything must be ready
public record MeshOptions(Path home, StateFolder state, LocalNetwork network, Duration svidLifetime, Duration timeout) {

    public static final Duration DEFAULT_SVID_LIFETIME = Duration.ofDays(1);
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);

    public MeshOptions {
        home = home.toAbsolutePath().normalize();
        requirePositive("svid lifetime", svidLifetime);
        requirePositive("timeout", timeout);
    }

    private static void requirePositive(String name, Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: > 0)");
        }
    }
}
