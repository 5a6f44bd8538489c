package io.countersign.mesh.resource;

import io.countersign.mesh.InvalidInput;
import java.util.Comparator;
import java.util.Optional;

/// The identity of a resource, and its key on the bus: `group/kind/namespace/name`, with an empty group for the core
/// group and an empty namespace for what is not in one.
public record ResourceKey(ResourceType type, String namespace, String name) implements Comparable<ResourceKey> {
    private static final Comparator<ResourceKey> ORDER = Comparator.comparing(ResourceKey::type)
            .thenComparing(ResourceKey::namespace)
            .thenComparing(ResourceKey::name);

    public ResourceKey {
        if (type.namespaced() == namespace.isEmpty()) {
            throw InvalidInput.of(
                    type.kind() + " namespace", namespace, type.namespaced() ? "a namespace" : "no namespace");
        }
        if (name.isEmpty() || name.indexOf('/') >= 0 || namespace.indexOf('/') >= 0) {
            throw InvalidInput.of(type.kind() + " name", namespace + "/" + name, "names without /");
        }
    }

    public static ResourceKey of(ResourceType type, String namespace, String name) {
        return new ResourceKey(type, namespace, name);
    }

    /// Reads a key from the bus. Empty for a group and kind that this version does not know, which a reader ignores;
    /// [InvalidInput] for what is no key at all.
    public static Optional<ResourceKey> parse(String key) {
        var parts = key.split("/", -1);
        if (parts.length != 4) {
            throw InvalidInput.of("resource key", key, "group/kind/namespace/name");
        }
        return ResourceType.of(parts[0], parts[1]).map(type -> new ResourceKey(type, parts[2], parts[3]));
    }

    @Override
    public int compareTo(ResourceKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return type.group() + "/" + type.kind() + "/" + namespace + "/" + name;
    }
}
