package io.countersign.mesh.distribution;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.resource.ResourceKey;
import java.util.Set;

/// What it takes for one generation of a resource to be in force.
///
/// @param uid of the resource
/// @param topicId the id of the config topic
/// @param position the end of the config topic after the generation was folded and published
/// @param configKeys the records that the generation changed; a node that rejects one of them is not there yet
public record DistributionTarget(
        ResourceKey resource, String uid, long generation, String topicId, long position, Set<ConfigKey> configKeys) {
    public DistributionTarget {
        configKeys = Set.copyOf(configKeys);
    }
}
