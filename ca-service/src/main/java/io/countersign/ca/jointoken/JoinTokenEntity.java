package io.countersign.ca.jointoken;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "join_token")
class JoinTokenEntity {
    @Id
    @Column(name = "secret_hash")
    byte[] secretHash = {};

    @Column(name = "spiffe_id")
    String spiffeId = "";

    @Column(name = "node_id")
    String nodeId = "";

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(name = "dns_names")
    List<String> dnsNames = List.of();

    @Column(name = "created_at")
    Instant createdAt = Instant.EPOCH;

    @Column(name = "expires_at")
    Instant expiresAt = Instant.EPOCH;

    @Column(name = "spent_on")
    byte @Nullable [] spentOn;
}
