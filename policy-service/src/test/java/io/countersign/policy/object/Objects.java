package io.countersign.policy.object;

import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.object.StoredObject.Labelling;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// Objects for tests.
public final class Objects {
    public static final Instant CREATED = Instant.parse("2026-01-02T03:04:05Z");
    public static final UUID UID = new UUID(1, 2);

    private Objects() {}

    /// Policy `full/default`, just created, at sequence 7.
    public static StoredObject policy(String spec) {
        return created(ResourceKey.of(ResourceType.POLICY, "full", "default"), spec);
    }

    public static StoredObject created(ResourceKey key, String spec) {
        return StoredObject.first(manifest(key, spec), UID, 7, CREATED);
    }

    public static Manifest manifest(ResourceKey key, String spec) {
        return new Manifest(key, Optional.empty(), Optional.empty(), Labelling.NONE, Json.readStored(spec));
    }

    public static Manifest labelled(Manifest manifest, String label, String value) {
        var labels = new TreeMap<>(manifest.labelling().labels());
        labels.put(label, value);
        return new Manifest(
                manifest.key(),
                manifest.uid(),
                manifest.sequence(),
                new Labelling(labels, manifest.labelling().annotations()),
                manifest.spec());
    }
}
