package io.countersign.ca.authority;

import io.countersign.mesh.identity.AuthorityState;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

@Entity
@Table(name = "authority")
class AuthorityEntity {
    @Id
    String id = "";

    @Column(name = "trust_domain")
    String trustDomain = "";

    @Enumerated(EnumType.STRING)
    AuthorityState state = AuthorityState.PREPARED;

    byte[] certificate = {};

    @Column(name = "encrypted_key")
    byte[] encryptedKey = {};

    @Column(name = "created_at")
    Instant createdAt = Instant.EPOCH;
}
