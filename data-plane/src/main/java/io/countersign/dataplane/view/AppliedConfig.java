package io.countersign.dataplane.view;

import io.countersign.mesh.config.ConfigKey;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// How far the node has come with the config topic, in force on every event loop.
///
/// @param topicId the topic's id
/// @param position the next offset to be read
/// @param rejected keys whose newest record cannot be used, and why; their last good one is in force
public record AppliedConfig(String topicId, long position, SortedMap<ConfigKey, String> rejected) {
    public AppliedConfig {
        rejected = Collections.unmodifiableSortedMap(new TreeMap<>(rejected));
    }
}
