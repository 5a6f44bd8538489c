package io.countersign.mesh.config;

import io.countersign.mesh.InvalidInput;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// The identity of a config record, and its key on the bus: `workload/ns/name`, `service/ns/name`, `rules/ns` or
/// `mesh/settings`.
///
/// @param namespace empty where the kind has none
/// @param name empty where the kind has none
public record ConfigKey(Kind kind, String namespace, String name) implements Comparable<ConfigKey> {
    /// The kinds of config record, in the order in which they are written: what others refer to comes first.
    public enum Kind {
        WORKLOAD,
        SERVICE,
        RULES,
        MESH;

        private final String word = name().toLowerCase(Locale.ROOT);
    }

    /// The key of the mesh's settings.
    public static final ConfigKey MESH = new ConfigKey(Kind.MESH, "", "settings");

    private static final Comparator<ConfigKey> ORDER = Comparator.comparing(ConfigKey::kind)
            .thenComparing(ConfigKey::namespace)
            .thenComparing(ConfigKey::name);

    public ConfigKey {
        var expected = switch (kind) {
            case WORKLOAD, SERVICE -> !namespace.isEmpty() && !name.isEmpty();
            case RULES -> !namespace.isEmpty() && name.isEmpty();
            case MESH -> namespace.isEmpty() && name.equals("settings");
        };
        if (!expected || namespace.indexOf('/') >= 0 || name.indexOf('/') >= 0) {
            throw InvalidInput.of("config key", kind.word + "/" + namespace + "/" + name, "names without /");
        }
    }

    public static ConfigKey workload(String namespace, String name) {
        return new ConfigKey(Kind.WORKLOAD, namespace, name);
    }

    public static ConfigKey service(String namespace, String name) {
        return new ConfigKey(Kind.SERVICE, namespace, name);
    }

    public static ConfigKey rules(String namespace) {
        return new ConfigKey(Kind.RULES, namespace, "");
    }

    /// Reads a key from the bus. Empty for a kind that this version does not use; [InvalidInput] for what is no key.
    public static Optional<ConfigKey> parse(String key) {
        var parts = key.split("/", -1);
        if (parts.length < 2) {
            throw InvalidInput.of("config key", key, "kind/namespace/name");
        }
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.word.equals(parts[0]))
                .findFirst()
                .map(kind -> of(kind, parts, key));
    }

    private static ConfigKey of(Kind kind, String[] parts, String key) {
        var length = kind == Kind.WORKLOAD || kind == Kind.SERVICE ? 3 : 2;
        if (parts.length != length) {
            throw InvalidInput.of("config key", key, length == 2 ? kind.word + "/name" : kind.word + "/namespace/name");
        }
        return switch (kind) {
            case WORKLOAD, SERVICE -> new ConfigKey(kind, parts[1], parts[2]);
            case RULES -> rules(parts[1]);
            case MESH -> new ConfigKey(kind, "", parts[1]);
        };
    }

    @Override
    public int compareTo(ConfigKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case WORKLOAD, SERVICE -> kind.word + "/" + namespace + "/" + name;
            case RULES -> kind.word + "/" + namespace;
            case MESH -> kind.word + "/" + name;
        };
    }
}
