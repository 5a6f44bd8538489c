package io.countersign.dataplane.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.identity.Revocation;
import io.countersign.mesh.identity.RevocationKey;
import io.countersign.mesh.identity.Revocations;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.testing.TestAuthority;
import io.countersign.testing.TestSvid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sessions that a foreign client keeps and takes up again.
class ResumptionIT {
    private static final TestAuthority NEXT = TestAuthority.seeded(9);
    private static final String ANSWER = "200 OK";
    private static final String RESUMED = "Reused, ";

    private final EchoApp app = EchoApp.start();
    private final TestSidecars sidecars = new TestSidecars(app.port());

    @TempDir
    private Path files;

    @BeforeEach
    void strict() {
        sidecars.mode = PortMode.STRICT;
    }

    @AfterEach
    void stop() {
        sidecars.close();
        app.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void takesASessionUpAgainWhereTheServersCertificateIsAnother(String version) throws IOException {
        // Given
        var session = sessionOf(sidecars.authority.issue(TestSidecars.SLEEP), version);
        assertThat(sidecars.renewServer()).isInstanceOf(SwapOutcome.Applied.class);

        // When
        try (var client = resume(session, version)) {
            Awaitility.await().until(() -> client.said().contains("URI=" + TestSidecars.SLEEP));

            // Then
            assertThat(client.said()).contains(ANSWER, RESUMED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void closesASessionWhoseCertificateIsRevoked(String version) throws IOException {
        // Given
        var svid = sidecars.authority.issue(TestSidecars.SLEEP);
        var session = sessionOf(svid, version);

        // When
        sidecars.serverTls.revoke(
                revoked(RevocationKey.serial(svid.leaf().getSerialNumber().toString(16))));

        // Then
        assertThat(refused(session, version)).contains(RESUMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void closesASessionWhoseCertificateHasEnded(String version) throws IOException {
        // Given
        var end = Instant.now().plus(Duration.ofHours(1));
        var session = sessionOf(
                sidecars.authority.leaf(TestSidecars.SLEEP).validUntil(end).issue(), version);

        // When
        sidecars.serverAhead = Duration.ofHours(2);

        // Then
        assertThat(refused(session, version)).contains(RESUMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void opensNoTicketOfBeforeAnAuthorityWasDropped(String version) throws IOException {
        // Given one session under the root that goes, and one under the root that stays
        var both = List.of(sidecars.authority.authority(), NEXT.authority());
        serve(new TrustBundle(TestSidecars.TRUST_DOMAIN, 2, both));
        var going = sessionOf(sidecars.authority.issue(TestSidecars.SLEEP), version);
        var staying = NEXT.issue(TestSidecars.SLEEP);
        var kept = sessionOf(staying, version);

        // When
        serve(new TrustBundle(TestSidecars.TRUST_DOMAIN, 3, List.of(NEXT.authority())));

        // Then
        assertThat(refused(going, version)).doesNotContain(RESUMED);
        try (var client = resume(kept, version, staying)) {
            Awaitility.await().until(() -> client.said().contains(ANSWER));
            assertThat(client.said()).doesNotContain(RESUMED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void opensNoTicketOfBeforeAnAuthorityWasRevoked(String version) throws IOException {
        // Given
        var session = sessionOf(sidecars.authority.issue(TestSidecars.SLEEP), version);

        // When
        var authority = sidecars.authority.authority().id();
        sidecars.serverTls.revoke(revoked(RevocationKey.authority(authority)));

        // Then
        assertThat(refused(session, version)).doesNotContain(RESUMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void givesNoSessionToAClientWithoutACertificate(String version) throws IOException {
        // Given
        var session = files.resolve("anonymous");

        // When
        try (var client = new OpenSslClient(
                files, sidecars.inboundPort(), Optional.empty(), version, "-sess_out", session.toString())) {
            assertThat(client.ended()).contains("SSL alert number").doesNotContain(ANSWER);
        }

        // Then
        if (Files.exists(session)) {
            assertThat(refused(session, version)).doesNotContain(RESUMED);
        }
    }

    private Path sessionOf(TestSvid svid, String version) throws IOException {
        var session = Files.createTempFile(files, "session", ".pem");
        Files.delete(session);
        try (var client = new OpenSslClient(
                files, sidecars.inboundPort(), Optional.of(svid), version, "-sess_out", session.toString())) {
            Awaitility.await().until(() -> client.said().contains(ANSWER) && Files.exists(session));
        }
        return session;
    }

    private OpenSslClient resume(Path session, String version, TestSvid... svid) throws IOException {
        return new OpenSslClient(
                files,
                sidecars.inboundPort(),
                List.of(svid).stream().findFirst(),
                version,
                "-sess_in",
                session.toString());
    }

    private String refused(Path session, String version) throws IOException {
        try (var client = resume(session, version)) {
            assertThat(client.ended()).doesNotContain(ANSWER);
            return client.said();
        }
    }

    private void serve(TrustBundle bundle) {
        var svid = NEXT.issue(TestSidecars.HTTPBIN);
        sidecars.serverTls.trust(bundle);
        var outcome = sidecars.serverTls
                .swap(new TlsMaterial(X509Svid.of(svid.chain(), svid.key()), bundle))
                .join();
        assertThat(outcome).isInstanceOf(SwapOutcome.Applied.class);
    }

    private static Revocations revoked(RevocationKey key) {
        var now = Instant.now();
        return Revocations.NONE.apply(new Revocation(key, false, now, now.plusSeconds(3600), "KEY_COMPROMISE"));
    }
}
