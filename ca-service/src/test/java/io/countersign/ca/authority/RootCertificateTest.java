package io.countersign.ca.authority;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.identity.SvidNames;
import io.countersign.mesh.identity.TrustDomain;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RootCertificateTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");

    @Test
    void isASelfSignedAuthorityOfItsTrustDomainForTenYears() throws Exception {
        // When
        var root = RootCertificate.create(DOMAIN, NOW).certificate();

        // Then
        root.verify(root.getPublicKey());
        assertThat(root.getNotAfter().toInstant()).isEqualTo("2036-11-21T10:00:00Z");
        assertThat(root.getBasicConstraints()).isZero();
        assertThat(root.getKeyUsage()).containsExactly(false, false, false, false, false, true, true, false, false);
        assertThat(SvidNames.spiffeId(root)).hasToString("spiffe://cluster.local");
    }

    @Test
    void hasANameOfItsOwn() {
        // When
        var one = RootCertificate.create(DOMAIN, NOW);
        var other = RootCertificate.create(DOMAIN, NOW);

        // Then
        assertThat(one.subject()).isNotEqualTo(other.subject());
        assertThat(one.id()).isNotEqualTo(other.id());
    }

    @Test
    void keepsItsKeyOutOfText() {
        // When
        var root = RootCertificate.create(DOMAIN, NOW);

        // Then
        assertThat(root.toString()).isEqualTo("SigningAuthority[" + root.id() + "]");
    }
}
