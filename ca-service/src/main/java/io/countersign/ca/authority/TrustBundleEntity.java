package io.countersign.ca.authority;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

@Entity
@Table(name = "trust_bundle")
class TrustBundleEntity {
    @Id
    @Column(name = "trust_domain")
    String trustDomain = "";

    long sequence;
}
