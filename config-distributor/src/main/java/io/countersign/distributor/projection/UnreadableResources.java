package io.countersign.distributor.projection;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.resource.ResourceKey;
import java.util.HashSet;
import java.util.Set;

/// Resources whose value cannot be read and of which no good value is known. They are not taken for absent: what they
/// may have a say in stays as it was published, until they can be read. Owned by one thread.
public final class UnreadableResources {
    private final Set<ResourceKey> keys = new HashSet<>();

    public void add(ResourceKey key) {
        keys.add(key);
    }

    public void remove(ResourceKey key) {
        keys.remove(key);
    }

    public boolean contains(ResourceKey key) {
        return keys.contains(key);
    }

    /// Whether one of them may have a say in the record of this key.
    public boolean hold(ConfigKey config) {
        return keys.stream().anyMatch(resource -> matters(resource, config));
    }

    private static boolean matters(ResourceKey resource, ConfigKey config) {
        var workload = config.kind() == ConfigKey.Kind.WORKLOAD;
        var sameNamespace = resource.namespace().equals(config.namespace());
        var sameName = sameNamespace && resource.name().equals(config.name());
        return switch (resource.type()) {
            case NAMESPACE -> false;
            // One in the root namespace is for all, and which that is may not be known.
            case MESH_POLICY, PEER_AUTHENTICATION -> workload;
            case DESTINATION_RULE -> config.kind() == ConfigKey.Kind.RULES && sameNamespace;
            case POLICY -> workload && sameNamespace;
            case SERVICE -> workload ? sameNamespace : config.kind() == ConfigKey.Kind.SERVICE && sameName;
            case WORKLOAD_ENTRY -> workload && sameName;
        };
    }
}
