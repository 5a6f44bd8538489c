package io.countersign.dataplane.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.Curl;
import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.identity.Pem;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.identity.AuthorityState;
import io.countersign.mesh.identity.Revocation;
import io.countersign.mesh.identity.RevocationKey;
import io.countersign.mesh.identity.Revocations;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.X509Authority;
import io.countersign.testing.TestAuthority;
import io.countersign.testing.TestSvid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a refused client sees on the wire, by the clients that people use.
class AlertIT {
    private static final SpiffeId STRANGER = SpiffeId.parse("spiffe://elsewhere.org/ns/full/sa/sleep");

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
    @CsvSource({"-tls1_2, 40", "-tls1_3, 116"})
    void demandsACertificate(String version, int alert) throws Exception {
        assertThat(openssl(version)).contains("SSL alert number " + alert);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void refusesAnUnknownAuthority(String version) throws Exception {
        var foreign = TestAuthority.seeded(7).issue(TestSidecars.SLEEP);
        assertThat(openssl(version, foreign)).contains("SSL alert number 48");
    }

    @ParameterizedTest
    @CsvSource({
        "-tls1_2, /CN=a, DNS:a, 48",
        "-tls1_3, /CN=a, DNS:a, 48",
        // What cannot be read: a space in a URI, and nothing at all in the subject.
        "-tls1_2, /CN=a, 'critical,URI:spiffe://cluster.local/a b', 42",
        "-tls1_3, /CN=a, 'critical,URI:spiffe://cluster.local/a b', 42",
        "-tls1_2, /, URI:spiffe://cluster.local/a, 42",
        "-tls1_3, /, URI:spiffe://cluster.local/a, 42"
    })
    void refusesAForeignAuthorityThatShowsItself(String version, String subject, String name, int alert)
            throws Exception {
        var key = files.resolve("foreign-key.pem").toString();
        var itself = files.resolve("foreign.pem").toString();
        var made = new ProcessBuilder("openssl", "req", "-x509", "-nodes", "-keyout", key, "-out", itself)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        made.command().addAll(List.of("-subj", subject, "-addext", "subjectAltName=" + name));
        assertThat(made.start().waitFor()).isZero();
        try (var client = new OpenSslClient(
                files, sidecars.inboundPort(), Optional.empty(), version, "-cert", itself, "-key", key)) {
            assertThat(client.ended()).contains("SSL alert number " + alert);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void refusesAnotherTrustDomain(String version) throws Exception {
        assertThat(openssl(version, sidecars.authority.issue(STRANGER))).contains("SSL alert number 42");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void refusesACertificateForServersOnly(String version) throws Exception {
        var leaf = sidecars.authority.leaf(TestSidecars.SLEEP).onlyForServers().issue();
        assertThat(openssl(version, leaf)).contains("SSL alert number 43");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void refusesAnEndedCertificate(String version) throws Exception {
        var leaf = sidecars.authority
                .leaf(TestSidecars.SLEEP)
                .validUntil(Instant.now().minusSeconds(1))
                .issue();
        assertThat(openssl(version, leaf)).contains("SSL alert number 45");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void refusesARevokedCertificate(String version) throws Exception {
        var svid = sidecars.authority.issue(TestSidecars.SLEEP);
        var serial = svid.leaf().getSerialNumber().toString(16);
        sidecars.serverTls.revoke(revoked(RevocationKey.serial(serial)));
        assertThat(openssl(version, svid)).contains("SSL alert number 44");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void refusesARevokedIdentity(String version) throws Exception {
        sidecars.serverTls.revoke(revoked(RevocationKey.identity(TestSidecars.SLEEP)));
        assertThat(openssl(version, sidecars.authority.issue(TestSidecars.SLEEP)))
                .contains("SSL alert number 44");
    }

    @ParameterizedTest
    @CsvSource({"-tls1_2, true, 44", "-tls1_3, true, 44", "-tls1_2, false, 48", "-tls1_3, false, 48"})
    void refusesAWithdrawnAuthorityWhereNoOtherMaterialIsThereYet(String version, boolean revoked, int alert)
            throws Exception {
        var old = sidecars.authority.authority();
        var left = new X509Authority(old.id(), AuthorityState.REVOKED, old.certificate());
        sidecars.serverTls.trust(new TrustBundle(TestSidecars.TRUST_DOMAIN, 2, revoked ? List.of(left) : List.of()));
        assertThat(openssl(version, sidecars.authority.issue(TestSidecars.SLEEP)))
                .contains("SSL alert number " + alert);
    }

    private static Revocations revoked(RevocationKey key) {
        var now = Instant.now();
        return Revocations.NONE.apply(new Revocation(key, false, now, now.plusSeconds(3600), "KEY_COMPROMISE"));
    }

    @ParameterizedTest
    @CsvSource({"1.2, 35, alert handshake failure", "1.3, 56, alert certificate required"})
    void tellsCurlWithoutACertificateWhatTheSeedsPrint(String version, int exit, String text) {
        // When
        var answer = Curl.run("-k", "--tls-max", version, url());

        // Then
        assertThat(answer.exit()).isEqualTo(exit);
        assertThat(answer.output()).contains(text);
        assertThat(answer.code()).isEqualTo("000");
    }

    @Test
    void letsCurlInWithACertificateOfTheMesh() throws Exception {
        // Given
        var arguments =
                new ArrayList<>(List.of("-k", "--cert", "chain.pem", "--key", "key.pem", "--cacert", "root.pem"));
        arguments.add(url());
        write(sidecars.authority.issue(TestSidecars.SLEEP));

        // When
        var answer = Curl.run(arguments.stream()
                .map(argument ->
                        argument.endsWith(".pem") ? files.resolve(argument).toString() : argument)
                .toArray(String[]::new));

        // Then
        assertThat(answer.code()).isEqualTo("200");
        assertThat(answer.output()).contains("URI=" + TestSidecars.SLEEP);
    }

    @Test
    void permissiveResetsTlsThatIsNotTheMeshs() {
        // Given
        sidecars.mode = PortMode.PERMISSIVE;

        // When
        var answer = Curl.run("-k", url());

        // Then
        assertThat(answer.exit()).isEqualTo(35);
        assertThat(answer.code()).isEqualTo("000");
    }

    private String url() {
        return "https://127.0.0.1:" + sidecars.inboundPort() + "/headers";
    }

    private String openssl(String version, TestSvid... svid) throws IOException {
        try (var client = new OpenSslClient(
                files, sidecars.inboundPort(), Arrays.stream(svid).findFirst(), version)) {
            return client.ended();
        }
    }

    private void write(TestSvid svid) throws IOException {
        Files.writeString(files.resolve("key.pem"), Pem.encode(svid.key()));
        Files.writeString(files.resolve("chain.pem"), Pem.encode(svid.chain()));
        Files.writeString(files.resolve("root.pem"), Pem.encode(List.of(sidecars.authority.certificate())));
    }
}
