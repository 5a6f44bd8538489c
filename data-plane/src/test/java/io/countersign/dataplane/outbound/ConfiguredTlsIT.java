package io.countersign.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.dataplane.Curl;
import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.identity.Pem;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.resource.ResourceSpec.ClientTls;
import io.countersign.mesh.resource.ResourceSpec.TlsMode;
import io.countersign.testing.TestAuthority;
import io.countersign.testing.TestSvid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a rule with mode SIMPLE or MUTUAL makes of the way to a server outside the mesh's TLS.
class ConfiguredTlsIT {
    private static final String HOST = "httpbin.full.svc.cluster.local";
    private static final String URI = "spiffe://elsewhere.org/server";

    private static final Pattern ACCEPTS = Pattern.compile("ACCEPT .*:([0-9]+)");

    private final TestAuthority outside = TestAuthority.seeded(9);
    private final TestSvid server =
            outside.leaf(TestSidecars.HTTPBIN).uris(URI).dnsName(HOST).issue();
    private TestSidecars sidecars;
    private EchoApp app;

    @TempDir
    private Path files;

    @BeforeEach
    void start() throws IOException {
        sidecars = new TestSidecars(1);
        Files.writeString(files.resolve("ca.pem"), Pem.encode(List.of(outside.certificate())));
        Files.writeString(
                files.resolve("other.pem"),
                Pem.encode(List.of(TestAuthority.seeded(8).certificate())));
        serve(server, false);
    }

    @AfterEach
    void stop() {
        sidecars.close();
        app.close();
    }

    @Test
    void simpleTakesTheServerOfItsNameUnderTheRulesAuthorities() {
        // When
        sidecars.rule(simple("ca.pem", Optional.empty()));

        // Then
        assertThat(get("/headers").code()).isEqualTo("200");
        assertThat(get("/sni").output()).contains(HOST);
    }

    @Test
    void simpleRefusesAServerOfAnotherName() {
        // When
        sidecars.rule(simple("ca.pem", Optional.of("other.example.com")));

        // Then
        assertRefused("TLS failed");
    }

    @Test
    void simpleRefusesAServerUnderAnotherAuthority() {
        // When
        sidecars.rule(simple("other.pem", Optional.empty()));

        // Then
        assertRefused("TLS failed");
    }

    @ParameterizedTest
    @CsvSource({
        "SHA256withRSA, SHA1withRSA, 200", "SHA256withRSAandMGF1, SHA256withRSA, 200",
        "SHA1withRSA, SHA256withRSA, 503", "SHA1withRSAandMGF1, SHA256withRSA, 503"
    })
    void aDigestIsToBeStrongBelowTheRoot(String signature, String ofRoot, String status) throws IOException {
        // Given
        var rsa = TestAuthority.rsa(2_048, ofRoot);
        Files.writeString(files.resolve("ca.pem"), Pem.encode(List.of(rsa.certificate())));
        serve(rsa.leaf(TestSidecars.HTTPBIN).dnsName(HOST).signedWith(signature).issue(), false);

        // When
        sidecars.rule(simple("ca.pem", Optional.empty()));

        // Then
        assertThat(get("/headers").code()).isEqualTo(status);
    }

    @Test
    void keysAreToBeStrongInTheChainAndAboveIt() throws IOException, GeneralSecurityException {
        // Given
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1_024);
        var keys = generator.generateKeyPair();
        var weak = TestAuthority.rsa(1_024, "SHA256withRSA");
        Files.writeString(files.resolve("weak.pem"), Pem.encode(List.of(weak.certificate())));
        serve(outside.leaf(TestSidecars.HTTPBIN).dnsName(HOST).keys(keys).issue(), false);

        // When
        sidecars.rule(simple("ca.pem", Optional.empty()));

        // Then
        assertRefused("TLS failed");

        // When
        sidecars.rule(simple("weak.pem", Optional.empty()));

        // Then
        assertRefused("RSA key of 1024 bits");
    }

    @ParameterizedTest
    @CsvSource({
        "/CN=a, DNS:elsewhere.org, 48",
        "/CN=a, 'critical,URI:spiffe://elsewhere.org/a b', 42",
        "/, URI:spiffe://elsewhere.org/a, 42"
    })
    void aServerLearnsWhyItIsRefused(String subject, String name, int alert) throws Exception {
        // Given
        var key = file("server-key.pem");
        var itself = file("server.pem");
        var made = new ProcessBuilder("openssl", "req", "-x509", "-nodes", "-keyout", key, "-out", itself)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        made.command().addAll(List.of("-subj", subject, "-addext", "subjectAltName=" + name));
        assertThat(made.start().waitFor()).isZero();
        var said = files.resolve("said");
        var server = new ProcessBuilder(
                        "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", itself, "-key", key, "-naccept", "1")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            await().until(() -> ACCEPTS.matcher(Files.readString(said)).find());
            var accepts = ACCEPTS.matcher(Files.readString(said));
            assertThat(accepts.find()).isTrue();
            sidecars.offer(PortMode.PERMISSIVE, TestSidecars.HTTPBIN, Integer.parseInt(accepts.group(1)));
            sidecars.rule(simple("ca.pem", Optional.empty()));

            // When
            var answer = get("/headers");

            // Then
            assertThat(answer.code()).isEqualTo("503");
            await().untilAsserted(() -> assertThat(Files.readString(said)).contains("SSL alert number " + alert));
        } finally {
            server.destroy();
        }
    }

    @Test
    void theRulesOwnCertificateIsToBeStrong() throws IOException {
        // Given
        var weak = outside.leaf(TestSidecars.SLEEP).signedWith("SHA1withECDSA").issue();
        Files.writeString(files.resolve("chain.pem"), Pem.encode(weak.chain()));
        Files.writeString(files.resolve("key.pem"), Pem.encode(weak.key()));

        // When
        sidecars.rule(mutual());

        // Then
        assertRefused("client certificate: signed with SHA1withECDSA");
    }

    @Test
    void theSystemsAuthoritiesHoldWhereTheRuleNamesNone() {
        // When
        sidecars.rule(new ClientTls(
                TlsMode.SIMPLE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false));

        // Then
        assertRefused("TLS failed");
    }

    @Test
    void oneOfTheRulesNamesIsEnoughAndTheHostsIsNotThen() {
        sidecars.rule(named("nobody.example.com", URI));
        assertThat(get("/headers").code()).isEqualTo("200");
        sidecars.rule(named(HOST));
        assertThat(get("/headers").code()).isEqualTo("200");
        sidecars.rule(named("nobody.example.com", "spiffe://elsewhere.org/other"));
        assertRefused("none of its names is expected");
    }

    @Test
    void verificationIsSkippedOnlyWhereTheRuleSaysSo() {
        // When
        sidecars.rule(new ClientTls(
                TlsMode.SIMPLE,
                Optional.empty(),
                Optional.empty(),
                Optional.of(file("other.pem")),
                List.of(),
                Optional.of("other.example.com"),
                true));

        // Then
        assertThat(get("/headers").code()).isEqualTo("200");
        assertThat(get("/sni").output()).contains("other.example.com");
    }

    @Test
    void mutualShowsTheRulesCertificateAndSimpleShowsNone() throws IOException {
        // Given
        var client = outside.leaf(TestSidecars.SLEEP).issue();
        Files.writeString(files.resolve("chain.pem"), Pem.encode(client.chain()));
        Files.writeString(files.resolve("key.pem"), Pem.encode(client.key()));
        serve(server, true);

        // When
        sidecars.rule(mutual());
        var shown = get("/headers");
        sidecars.rule(simple("ca.pem", Optional.empty()));

        // Then
        assertThat(shown.code()).isEqualTo("200");
        assertRefused("");
    }

    @Test
    void nothingIsSentWhereAFileIsMissing() {
        // When
        sidecars.rule(mutual());

        // Then
        assertRefused(file("chain.pem") + " is missing");
        assertThat(app.requests()).isZero();
    }

    private void assertRefused(String reason) {
        var answer = get("/headers");
        assertThat(answer.exit()).isZero();
        assertThat(answer.code()).isEqualTo("503");
        assertThat(answer.output()).contains("upstream").contains(reason);
    }

    private Curl get(String path) {
        return Curl.run("-x", "http://127.0.0.1:" + sidecars.outboundPort(), "http://httpbin.full:8000" + path);
    }

    private void serve(TestSvid certificate, boolean demanded) {
        if (app != null) {
            app.close();
        }
        app = EchoApp.startTls(context(certificate, outside), demanded);
        sidecars.offer(PortMode.PERMISSIVE, TestSidecars.HTTPBIN, app.port());
    }

    static SSLContext context(TestSvid certificate, TestAuthority outside) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setKeyEntry(
                    "server",
                    certificate.key(),
                    new char[0],
                    certificate.chain().toArray(Certificate[]::new));
            store.setCertificateEntry("ca", outside.certificate());
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String file(String name) {
        return files.resolve(name).toString();
    }

    private ClientTls simple(String authorities, Optional<String> sni) {
        return new ClientTls(
                TlsMode.SIMPLE,
                Optional.empty(),
                Optional.empty(),
                Optional.of(file(authorities)),
                List.of(),
                sni,
                false);
    }

    private ClientTls named(String... names) {
        return new ClientTls(
                TlsMode.SIMPLE,
                Optional.empty(),
                Optional.empty(),
                Optional.of(file("ca.pem")),
                List.of(names),
                Optional.of("other.example.com"),
                false);
    }

    private ClientTls mutual() {
        return new ClientTls(
                TlsMode.MUTUAL,
                Optional.of(file("chain.pem")),
                Optional.of(file("key.pem")),
                Optional.of(file("ca.pem")),
                List.of(),
                Optional.empty(),
                false);
    }
}
