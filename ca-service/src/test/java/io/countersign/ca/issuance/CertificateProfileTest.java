package io.countersign.ca.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.ca.Registration;
import io.countersign.ca.TestRoot;
import io.countersign.ca.signing.SerialNumbers;
import io.countersign.ca.signing.SigningAuthority;
import io.countersign.identity.SvidKeys;
import io.countersign.identity.SvidNames;
import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificateProfileTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.750Z");
    private static final SigningAuthority ROOT = TestRoot.seeded(1);
    private static final SpiffeId HTTPBIN = SpiffeId.parse("spiffe://cluster.local/ns/full/sa/httpbin");
    private static final Registration PLAIN = new Registration(HTTPBIN, new NodeId("httpbin.full"), List.of());
    private static final Registration NAMED =
            new Registration(HTTPBIN, new NodeId("httpbin.full"), List.of("a.svc", "b.svc"));

    @Test
    void beginsAMinuteEarlierAndEndsAfterItsLifetime() {
        // When
        var certificate = signed(PLAIN, Duration.ofHours(24), NOW);

        // Then
        assertThat(certificate.getNotBefore().toInstant()).isEqualTo("2026-11-21T09:59:00Z");
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo("2026-11-22T10:00:00Z");
    }

    @Test
    void endsWithItsAuthorityAtTheLatest() {
        // Given
        var end = ROOT.certificate().getNotAfter().toInstant();

        // When
        var certificate = signed(PLAIN, Duration.ofHours(24), end.minus(Duration.ofHours(1)));

        // Then
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(end);
    }

    @Test
    void namesTheIdentityTheNodeAndTheRegisteredDnsNames() throws Exception {
        // When
        var certificate = signed(NAMED, Duration.ofHours(1), NOW);

        // Then
        assertThat(SvidNames.spiffeId(certificate)).isEqualTo(HTTPBIN);
        assertThat(SvidNames.nodeId(certificate)).contains(new NodeId("httpbin.full"));
        assertThat(SvidNames.dnsNames(certificate)).containsExactly("a.svc", "b.svc");
        assertThat(certificate.getSubjectAlternativeNames()).hasSize(3);
    }

    @Test
    void isForBothSidesOfTlsAndForNothingElse() throws Exception {
        // When
        var certificate = signed(PLAIN, Duration.ofHours(1), NOW);

        // Then
        assertThat(certificate.getBasicConstraints()).isNegative();
        assertThat(certificate.getKeyUsage())
                .containsExactly(true, false, false, false, false, false, false, false, false);
        assertThat(certificate.getExtendedKeyUsage())
                .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    }

    @Test
    void takesNoLifetimeThatIsNone() {
        // When, Then
        assertThatThrownBy(() -> CertificateProfile.of(Duration.ZERO))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("svid lifetime: PT0S (expected: > 0)");
    }

    private static X509Certificate signed(Registration registration, Duration lifetime, Instant now) {
        var template = CertificateProfile.of(lifetime)
                .template(registration, SvidKeys.generate().getPublic(), ROOT, SerialNumbers.next(), now);
        return template.sign(ROOT.privateKey());
    }
}
