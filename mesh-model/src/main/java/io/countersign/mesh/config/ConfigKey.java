package io.countersign.mesh.config;

import io.countersign.mesh.InvalidInput;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// The identity of a config record, and its key on the bus: `workload/ns/name` or `service/ns/name`.
public record ConfigKey(Kind kind, String namespace, String name) implements Comparable<ConfigKey> {
    /// The kinds of config record.
    public enum Kind {
        SERVICE,
        WORKLOAD;

        private final String word = name().toLowerCase(Locale.ROOT);
    }

    private static final Comparator<ConfigKey> ORDER = Comparator.comparing(ConfigKey::kind)
            .thenComparing(ConfigKey::namespace)
            .thenComparing(ConfigKey::name);

    public ConfigKey {
        if (namespace.isEmpty() || name.isEmpty() || namespace.indexOf('/') >= 0 || name.indexOf('/') >= 0) {
            throw InvalidInput.of("config key", namespace + "/" + name, "a namespace and a name without /");
        }
    }

    public static ConfigKey workload(String namespace, String name) {
        return new ConfigKey(Kind.WORKLOAD, namespace, name);
    }

    public static ConfigKey service(String namespace, String name) {
        return new ConfigKey(Kind.SERVICE, namespace, name);
    }

    /// Reads a key from the bus. Empty for a kind that this version does not use; [InvalidInput] for what is no key.
    public static Optional<ConfigKey> parse(String key) {
        var parts = key.split("/", -1);
        if (parts.length < 2) {
            throw InvalidInput.of("config key", key, "kind/namespace/name");
        }
        for (var kind : Kind.values()) {
            if (kind.word.equals(parts[0])) {
                if (parts.length != 3) {
                    throw InvalidInput.of("config key", key, "kind/namespace/name");
                }
                return Optional.of(new ConfigKey(kind, parts[1], parts[2]));
            }
        }
        return Optional.empty();
    }

    @Override
    public int compareTo(ConfigKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return kind.word + "/" + namespace + "/" + name;
    }
}
