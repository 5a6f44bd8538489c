package io.countersign.distributor;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// A key that nobody reads is a mistake, and what it was meant to say is not in force.
final class KnownKeys {
    private static final String PREFIX = "countersign.";

    private static final Set<String> KEYS = Set.of(
            "countersign.bus.properties-file",
            "countersign.bus.topic-check-interval",
            "countersign.bus.retry-pause",
            "countersign.distributor.distribution.progress-interval");

    private KnownKeys() {}

    /// @throws IllegalArgumentException naming every unknown key
    static void require(Iterable<String> names) {
        var unknown = StreamSupport.stream(names.spliterator(), false)
                .filter(name -> name.startsWith(PREFIX) && !KEYS.contains(name))
                .sorted()
                .collect(Collectors.joining(", "));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("configuration: %s (expected: only %s)"
                    .formatted(unknown, KEYS.stream().sorted().collect(Collectors.joining(", "))));
        }
    }
}
