package io.countersign.policy.storage;

import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.object.Json;
import io.countersign.policy.object.StoredObject;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The rows of the resources.
@ApplicationScoped
class ResourceRepository implements PanacheRepositoryBase<ResourceRow, UUID> {
    private static final String LIVE = "type = ?1 and namespace = ?2 and name = ?3 and not deleted";

    Optional<StoredObject> find(ResourceKey key) {
        return find(LIVE, ResourceRow.type(key.type()), key.namespace(), key.name())
                .firstResultOptional()
                .map(ResourceRow::object);
    }

    boolean exists(ResourceKey key) {
        return count(LIVE, ResourceRow.type(key.type()), key.namespace(), key.name()) > 0;
    }

    /// The object itself, if it is there, and the namespace that it is in.
    List<StoredObject> findWithNamespace(ResourceKey key) {
        return objects(
                "((type = ?1 and namespace = ?2 and name = ?3) or (type = ?4 and name = ?2)) and not deleted",
                ResourceRow.type(key.type()),
                key.namespace(),
                key.name(),
                ResourceRow.type(ResourceType.NAMESPACE));
    }

    List<StoredObject> live(Selection selection) {
        return objects(
                        "type = ?1 and (?2 = '' or namespace = ?2) and (?3 = '' or name = ?3) and not deleted"
                                + " order by namespace, name",
                        ResourceRow.type(selection.type()),
                        selection.namespace().orElse(""),
                        selection.name().orElse(""))
                .stream()
                .filter(selection.matching())
                .toList();
    }

    /// All that is there, in the order of its last changes.
    List<StoredObject> live() {
        return objects("not deleted order by sequence");
    }

    List<StoredObject> inNamespace(String namespace) {
        return objects("namespace = ?1 and not deleted order by sequence", namespace);
    }

    /// Live and deleted objects that changed after the sequence, in the order of their changes.
    List<StoredObject> changedAfter(Selection selection, long sequence, int limit) {
        return find(
                        "type = ?1 and (?2 = '' or namespace = ?2) and (?3 = '' or name = ?3) and sequence > ?4"
                                + " order by sequence",
                        ResourceRow.type(selection.type()),
                        selection.namespace().orElse(""),
                        selection.name().orElse(""),
                        sequence)
                .page(0, limit)
                .stream()
                .map(ResourceRow::object)
                .toList();
    }

    /// The newest sequence that is committed.
    long newestSequence() {
        return getEntityManager()
                .createQuery("select coalesce(max(sequence), 0L) from ResourceRow", Long.class)
                .getSingleResult();
    }

    void insert(StoredObject object) {
        persist(ResourceRow.of(object));
    }

    /// Writes the object over the state that the writer has seen; false when that is no longer the newest.
    boolean replace(StoredObject seen, StoredObject next) {
        return update(
                        "generation = ?1, sequence = ?2, labels = ?3, annotations = ?4, spec = ?5, conditions = ?6,"
                                + " deleted = ?7 where uid = ?8 and sequence = ?9 and not deleted",
                        next.generation(),
                        next.sequence(),
                        Json.text(next.labels()),
                        Json.text(next.labelling().annotations()),
                        ResourceRow.spec(next),
                        Json.text(next.conditions()),
                        next.deleted(),
                        next.uid(),
                        seen.sequence())
                == 1;
    }

    void forgetDeletedUpTo(long sequence) {
        delete("deleted and sequence <= ?1", sequence);
    }

    private List<StoredObject> objects(String query, Object... parameters) {
        return find(query, parameters).stream().map(ResourceRow::object).toList();
    }
}
