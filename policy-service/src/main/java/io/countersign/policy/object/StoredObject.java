package io.countersign.policy.object;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.mesh.resource.ResourceKey;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An object as it is stored. Its JSON trees are shared and must not be changed.
///
/// @param spec as it was written; null when it was left out
/// @param deleted true for the last state of what is gone
public record StoredObject(
        ResourceKey key,
        UUID uid,
        Version version,
        Instant created,
        Labelling labelling,
        @Nullable JsonNode spec,
        List<Condition> conditions,
        boolean deleted) {

    public StoredObject {
        conditions = List.copyOf(conditions);
    }

    /// The numbers of an object's life.
    ///
    /// @param generation raised by every change of what the mesh puts in force
    /// @param sequence the commit sequence of its last write, which is its `resourceVersion`
    /// @param createdSequence the commit sequence of its first write
    public record Version(long generation, long sequence, long createdSequence) {
        Version at(long next) {
            return new Version(generation, next, createdSequence);
        }
    }

    /// What people and programs attach to an object.
    public record Labelling(SortedMap<String, String> labels, SortedMap<String, String> annotations) {
        public static final Labelling NONE = new Labelling(new TreeMap<>(), new TreeMap<>());

        public Labelling {
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
            annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
        }
    }

    public long generation() {
        return version.generation();
    }

    public long sequence() {
        return version.sequence();
    }

    public SortedMap<String, String> labels() {
        return labelling.labels();
    }

    public Optional<Condition> condition(String type) {
        return conditions.stream().filter(each -> each.type().equals(type)).findFirst();
    }

    /// What a manifest's first write makes.
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
    public StoredObject next(Manifest manifest, long sequence, Instant now) {
        var raised = manifest.changesWhatIsInForce(this);
        var generation = raised ? generation() + 1 : generation();
        return new StoredObject(
                key,
                uid,
                new Version(generation, sequence, version.createdSequence()),
                created,
                manifest.labelling(),
                manifest.spec(),
                raised ? DistributedCondition.pending(conditions, generation, now) : conditions,
                false);
    }

    /// The same object after a write that leaves its generation alone.
    public StoredObject at(long sequence, List<Condition> newConditions) {
        return new StoredObject(key, uid, version.at(sequence), created, labelling, spec, newConditions, deleted);
    }

    /// The last state of the object.
    public StoredObject deletedAt(long sequence) {
        return new StoredObject(key, uid, version.at(sequence), created, labelling, spec, conditions, true);
    }
}
