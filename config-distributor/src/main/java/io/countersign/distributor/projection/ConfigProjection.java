package io.countersign.distributor.projection;

import io.countersign.events.ConfigCodec;
import io.countersign.events.UnreadableRecord;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.ConfigRecord;
import io.countersign.mesh.projection.MeshState;
import io.countersign.mesh.projection.Projection;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Keeps what is published beside what may have changed, and finds the difference. Owned by one thread.
public final class ConfigProjection {
    private final Map<ConfigKey, CanonicalBytes> published = new HashMap<>();
    private SortedSet<ConfigKey> touched = new TreeSet<>();
    /// Those of the touched whose own resource changed.
    private final Set<ConfigKey> redefined = new HashSet<>();

    /// What the topic says of a key.
    public void known(ConfigKey key, Optional<CanonicalBytes> value) {
        value.ifPresentOrElse(bytes -> published.put(key, bytes), () -> published.remove(key));
    }

    /// These keys may have to change.
    public void touch(Collection<ConfigKey> keys) {
        touched.addAll(keys);
    }

    /// The resource that the record is of was written, so that nothing of its former life binds.
    public void redefine(ConfigKey key) {
        redefined.add(key);
    }

    /// Everything may have to change: what the state gives, and what is published and no longer given.
    public void touchAll(MeshState state) {
        touched.addAll(Projection.keys(state));
        touched.addAll(published.keySet());
    }

    /// What must be written for the keys that were touched since the last call; the held ones stay touched.
    public ConfigChanges changes(MeshState state, Predicate<ConfigKey> hold) {
        var writes = new TreeMap<ConfigKey, Optional<CanonicalBytes>>();
        var held = new TreeSet<ConfigKey>();
        for (var key : touched) {
            if (hold.test(key)) {
                held.add(key);
                continue;
            }
            var intended = Projection.project(state, key)
                    .map(config -> hold(key, config))
                    .map(config -> new CanonicalBytes(ConfigCodec.encode(config)));
            redefined.remove(key);
            if (!intended.equals(Optional.ofNullable(published.get(key)))) {
                writes.put(key, intended);
            }
        }
        touched = held;
        return new ConfigChanges(writes, held);
    }

    private ConfigRecord hold(ConfigKey key, ConfigRecord intended) {
        var last = published.get(key);
        if (last == null || redefined.contains(key)) {
            return intended;
        }
        try {
            return ProxyLatch.hold(ConfigCodec.decode(key, last.array()), intended);
        } catch (UnreadableRecord _) {
            // Written by a version that knew more; what it said binds nothing that we could understand.
            return intended;
        }
    }
}
