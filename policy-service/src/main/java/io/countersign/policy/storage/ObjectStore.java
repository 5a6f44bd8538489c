package io.countersign.policy.storage;

import com.fasterxml.jackson.databind.node.NullNode;
import io.countersign.events.ResourceCodec;
import io.countersign.events.TopicCatalogue;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.outbox.Outbox;
import io.countersign.policy.object.Condition;
import io.countersign.policy.object.Manifest;
import io.countersign.policy.object.StoredObject;
import io.countersign.policy.storage.WriteResult.AlreadyExists;
import io.countersign.policy.storage.WriteResult.NamespaceMissing;
import io.countersign.policy.storage.WriteResult.NotFound;
import io.countersign.policy.storage.WriteResult.Overtaken;
import io.countersign.policy.storage.WriteResult.Stored;
import io.countersign.policy.storage.WriteResult.Unchanged;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The objects, and the only place that writes them: row and outbox record in one transaction, under one number.
/// Every method is one transaction of its own, or part of the caller's.
@ApplicationScoped
public class ObjectStore {
    /// A watch can go back by this many writes; what was deleted before them is forgotten.
    static final long REMEMBERED = 100_000;

    private final ResourceRepository rows;
    private final Outbox outbox;
    private final InstantSource clock;
    private final Event<ObjectsChanged> changes;

    ObjectStore(ResourceRepository rows, Outbox outbox, InstantSource clock, Event<ObjectsChanged> changes) {
        this.rows = rows;
        this.outbox = outbox;
        this.clock = clock;
        this.changes = changes;
    }

    @Transactional
    public Optional<StoredObject> find(ResourceKey key) {
        return rows.find(key);
    }

    @Transactional
    public Listing list(Selection selection) {
        // The number first: what is committed between the two reads is told again by a watch, not missed.
        var sequence = rows.newestSequence();
        return new Listing(rows.live(selection), sequence);
    }

    /// The newest committed sequence.
    @Transactional
    public long newestSequence() {
        return rows.newestSequence();
    }

    /// What of the selection's type, namespace and name changed after the sequence, deletions too, in commit order;
    /// empty when the sequence is so old that deletions after it are forgotten.
    @Transactional
    public Optional<List<StoredObject>> changedAfter(Selection selection, long sequence, int limit) {
        return sequence < rows.newestSequence() - REMEMBERED
                ? Optional.empty()
                : Optional.of(rows.changedAfter(selection, sequence, limit));
    }

    /// Stores a new object.
    ///
    /// @param dryRun true to stop before anything is written
    @Transactional
    public WriteResult create(Manifest manifest, boolean dryRun) {
        // The outbox's number is also the writers' lock: from here on nobody else creates or deletes.
        var sequence = outbox.nextSequence();
        var key = manifest.key();
        var found = rows.findWithNamespace(key);
        if (key.type().namespaced() && found.stream().noneMatch(each -> isNamespace(each, key.namespace()))) {
            return new NamespaceMissing(key.namespace());
        }
        if (found.stream().anyMatch(each -> each.key().equals(key))) {
            return new AlreadyExists();
        }
        var created = StoredObject.first(
                manifest, UUID.randomUUID(), sequence, clock.instant().truncatedTo(ChronoUnit.MICROS));
        if (!dryRun) {
            rows.insert(created);
            publish(created);
        }
        return new Stored(created);
    }

    /// Changes an object that is there.
    ///
    /// @param change makes the wanted state of the present one; what it throws ends the transaction
    /// @param dryRun true to stop before anything is written
    @Transactional
    public WriteResult update(ResourceKey key, Function<StoredObject, Manifest> change, boolean dryRun) {
        var found = rows.find(key);
        if (found.isEmpty()) {
            return new NotFound();
        }
        var current = found.get();
        var manifest = change.apply(current);
        if (manifest.saysTheSameAs(current)) {
            return new Unchanged(current);
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        if (dryRun) {
            return new Stored(current.next(manifest, current.sequence(), now));
        }
        var next = current.next(manifest, outbox.nextSequence(), now);
        if (!rows.replace(current, next)) {
            return new Overtaken();
        }
        if (isPublicPartChanged(current, next)) {
            publish(next);
        } else {
            changes.fire(new ObjectsChanged());
        }
        return new Stored(next);
    }

    /// Writes what is known of an object's distribution; the bus is not told, it has said so.
    ///
    /// @param next the new conditions of the present state, or empty for no change
    @Transactional
    public WriteResult updateConditions(ResourceKey key, Function<StoredObject, Optional<List<Condition>>> next) {
        var found = rows.find(key);
        if (found.isEmpty()) {
            return new NotFound();
        }
        var current = found.get();
        var conditions = next.apply(current);
        if (conditions.isEmpty()) {
            return new Unchanged(current);
        }
        var updated = current.at(outbox.nextSequence(), conditions.get());
        if (!rows.replace(current, updated)) {
            return new Overtaken();
        }
        changes.fire(new ObjectsChanged());
        return new Stored(updated);
    }

    /// Deletes an object; a namespace with all that is in it.
    ///
    /// @param precondition throws when the present state is not the one to be deleted
    @Transactional
    public WriteResult delete(ResourceKey key, Consumer<StoredObject> precondition, boolean dryRun) {
        if (!rows.exists(key)) {
            return new NotFound();
        }
        var sequence = outbox.nextSequence();
        // Read only now that nobody else writes.
        var found = rows.find(key);
        if (found.isEmpty()) {
            return new NotFound();
        }
        precondition.accept(found.get());
        if (dryRun) {
            return new Stored(found.get());
        }
        if (key.type() == ResourceType.NAMESPACE) {
            for (var content : rows.inNamespace(key.name())) {
                remove(content, sequence);
                sequence = outbox.nextSequence();
            }
        }
        var removed = remove(found.get(), sequence);
        rows.forgetDeletedUpTo(sequence - REMEMBERED);
        return new Stored(removed);
    }

    /// The keys of all live objects as they stand on the bus.
    @Transactional
    public Set<String> keys() {
        return rows.live().stream().map(object -> object.key().toString()).collect(Collectors.toSet());
    }

    /// Publishes every live object in the order of its last write, each under a new number: so the topic's sequence
    /// goes on growing, whatever was published before.
    @Transactional
    public void republish() {
        for (var object : rows.live()) {
            var next = object.at(outbox.nextSequence(), object.conditions());
            if (!rows.replace(object, next)) {
                // The transaction ends, and the relay asks again.
                throw new IllegalStateException(object.key() + ": written while it was republished");
            }
            publish(next);
        }
    }

    private StoredObject remove(StoredObject object, long sequence) {
        var removed = object.deletedAt(sequence);
        if (!rows.replace(object, removed)) {
            throw new IllegalStateException(object.key() + ": written by somebody without the outbox's lock");
        }
        outbox.append(sequence, TopicCatalogue.RESOURCES.name(), object.key().toString(), null);
        changes.fire(new ObjectsChanged());
        return removed;
    }

    private void publish(StoredObject object) {
        var spec = object.spec() == null ? NullNode.getInstance() : object.spec();
        var value = ResourceCodec.encode(new ResourceCodec.StoredResource(
                object.key(),
                object.uid().toString(),
                object.generation(),
                object.sequence(),
                object.created(),
                object.labels(),
                spec));
        outbox.append(
                object.sequence(), TopicCatalogue.RESOURCES.name(), object.key().toString(), value);
        changes.fire(new ObjectsChanged());
    }

    /// Annotations are nobody's business but their writer's.
    private static boolean isPublicPartChanged(StoredObject before, StoredObject after) {
        return before.generation() != after.generation() || !before.labels().equals(after.labels());
    }

    private static boolean isNamespace(StoredObject object, String name) {
        return object.key().type() == ResourceType.NAMESPACE
                && object.key().name().equals(name);
    }
}
