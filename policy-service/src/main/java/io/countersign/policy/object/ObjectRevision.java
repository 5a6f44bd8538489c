package io.countersign.policy.object;

import io.countersign.policy.object.StoredObject.Version;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// What a write makes of an object.
public final class ObjectRevision {
    private ObjectRevision() {}

    public static StoredObject first(Manifest manifest, UUID uid, long sequence, Instant now) {
        return new StoredObject(
                manifest.key(),
                uid,
                new Version(1, sequence, sequence),
                now,
                manifest.labelling(),
                manifest.spec(),
                DistributedCondition.pending(List.of(), 1, now),
                false);
    }

    /// The next state of an object that the manifest changes. What it puts in force has a new generation, of which
    /// nothing is known yet.
    public static StoredObject next(StoredObject current, Manifest manifest, long sequence, Instant now) {
        var raised = manifest.changesWhatIsInForce(current);
        var generation = raised ? current.generation() + 1 : current.generation();
        return new StoredObject(
                current.key(),
                current.uid(),
                new Version(generation, sequence, current.version().createdSequence()),
                current.created(),
                manifest.labelling(),
                manifest.spec(),
                raised ? DistributedCondition.pending(current.conditions(), generation, now) : current.conditions(),
                false);
    }
}
