package io.countersign.policy.storage;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/// The row of one life of a name. Written once; every later write is an update that names the sequence it has seen.
@Entity
@Table(name = "resource")
class ResourceRow {
    private static final UUID UNSET = new UUID(0, 0);

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
}
