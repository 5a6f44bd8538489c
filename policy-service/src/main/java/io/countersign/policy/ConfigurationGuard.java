package io.countersign.policy;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;

/// Stops the process at a `countersign.*` key that no mapping has: a misspelt key is a setting that is not in force.
/// The mappings refuse unknown keys below their own prefixes; this is for the prefixes.
@Singleton
class ConfigurationGuard {
    private static final String ROOT = "countersign.";
    private static final List<String> PREFIXES =
            List.of("countersign.policy.", "countersign.identity.", "countersign.bus.", "countersign.outbox.");

    void check(@Observes StartupEvent event, Config config) {
        var unknown = unknown(config.getPropertyNames());
        if (!unknown.isEmpty()) {
            throw new IllegalStateException("configuration: unknown keys " + String.join(", ", unknown));
        }
    }

    static List<String> unknown(Iterable<String> names) {
        return StreamSupport.stream(names.spliterator(), false)
                .filter(name -> name.startsWith(ROOT))
                .filter(name -> PREFIXES.stream().noneMatch(name::startsWith))
                .sorted()
                .distinct()
                .toList();
    }
}
