package io.countersign.ca.issuance;

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
@Table(name = "issued_svid")
class IssuedSvidEntity {
    @Id
    String serial = "";

    @Column(name = "spiffe_id")
    String spiffeId = "";

    @Column(name = "node_id")
    String nodeId = "";

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(name = "dns_names")
    List<String> dnsNames = List.of();

    @Column(name = "authority_id")
    String authorityId = "";

    @Column(name = "not_before")
    Instant notBefore = Instant.EPOCH;

    @Column(name = "not_after")
    Instant notAfter = Instant.EPOCH;

    @Column(name = "issued_at")
    Instant issuedAt = Instant.EPOCH;

    @Column(name = "revoked_at")
    @Nullable
    Instant revokedAt;

    byte[] certificate = {};
}
