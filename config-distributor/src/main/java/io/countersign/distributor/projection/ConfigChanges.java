package io.countersign.distributor.projection;

import io.countersign.mesh.config.ConfigKey;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What must be written so that the config topic says what the state says.
///
/// @param writes the new value of every key whose bytes differ; empty where the record is withdrawn
/// @param held keys that may have to change, but about which something unreadable has a say
/// @param changing keys whose modes have steps to come, once nodes have confirmed the last one
public record ConfigChanges(
        SortedMap<ConfigKey, Optional<CanonicalBytes>> writes, Set<ConfigKey> held, Set<ConfigKey> changing) {
    public ConfigChanges {
        writes = Collections.unmodifiableSortedMap(new TreeMap<>(writes));
        held = Set.copyOf(held);
        changing = Set.copyOf(changing);
    }
}
