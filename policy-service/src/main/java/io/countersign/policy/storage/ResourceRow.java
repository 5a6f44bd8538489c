package io.countersign.policy.storage;

import com.fasterxml.jackson.core.type.TypeReference;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.object.Condition;
import io.countersign.policy.object.Json;
import io.countersign.policy.object.StoredObject;
import io.countersign.policy.object.StoredObject.Labelling;
import io.countersign.policy.object.StoredObject.Version;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/// The row of one life of a name. Written once; every later write is an update that names the sequence it has seen.
@Entity
@Table(name = "resource")
class ResourceRow {
    private static final UUID UNSET = new UUID(0, 0);
    private static final TypeReference<SortedMap<String, String>> TEXTS = new TypeReference<>() {};
    private static final TypeReference<List<Condition>> CONDITIONS = new TypeReference<>() {};

    @Id
    UUID uid = UNSET;

    String type = "";
    String namespace = "";
    String name = "";
    long generation;
    long sequence;

    @Column(name = "created_sequence")
    long createdSequence;

    Instant created = Instant.EPOCH;

    @JdbcTypeCode(SqlTypes.JSON)
    String labels = "{}";

    @JdbcTypeCode(SqlTypes.JSON)
    String annotations = "{}";

    @JdbcTypeCode(SqlTypes.JSON)
    @Nullable
    String spec;

    @JdbcTypeCode(SqlTypes.JSON)
    String conditions = "[]";

    boolean deleted;

    static ResourceRow of(StoredObject object) {
        var row = new ResourceRow();
        row.uid = object.uid();
        row.type = type(object.key().type());
        row.namespace = object.key().namespace();
        row.name = object.key().name();
        row.generation = object.generation();
        row.sequence = object.sequence();
        row.createdSequence = object.version().createdSequence();
        row.created = object.created();
        row.labels = Json.text(object.labels());
        row.annotations = Json.text(object.labelling().annotations());
        row.spec = spec(object);
        row.conditions = Json.text(object.conditions());
        row.deleted = object.deleted();
        return row;
    }

    StoredObject object() {
        var slash = type.indexOf('/');
        var known = ResourceType.of(type.substring(0, slash), type.substring(slash + 1))
                .orElseThrow(() -> new IllegalStateException("stored type: " + type + " (expected: a known kind)"));
        return new StoredObject(
                ResourceKey.of(known, namespace, name),
                uid,
                new Version(generation, sequence, createdSequence),
                created,
                new Labelling(Json.readStored(labels, TEXTS), Json.readStored(annotations, TEXTS)),
                spec == null ? null : Json.readStored(spec),
                Json.readStored(conditions, CONDITIONS),
                deleted);
    }

    static String type(ResourceType type) {
        return type.group() + "/" + type.kind();
    }

    static @Nullable String spec(StoredObject object) {
        return object.spec() == null ? null : Json.text(object.spec());
    }
}
