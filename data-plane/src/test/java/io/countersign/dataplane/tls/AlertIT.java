package io.countersign.dataplane.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.Curl;
import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.identity.Pem;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.testing.TestAuthority;
import io.countersign.testing.TestSvid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

    private String openssl(String version, TestSvid... svid) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                "openssl", "s_client", "-connect", "127.0.0.1:" + sidecars.inboundPort(), "-alpn", "istio", version));
        if (svid.length > 0) {
            write(svid[0]);
            command.addAll(List.of(
                    "-cert", files.resolve("chain.pem").toString(),
                    "-key", files.resolve("key.pem").toString()));
        }
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var input = process.getOutputStream()) {
            input.write("GET /headers HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            input.flush();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output;
        }
    }

    private void write(TestSvid svid) throws IOException {
        Files.writeString(files.resolve("key.pem"), Pem.encode(svid.key()));
        Files.writeString(files.resolve("chain.pem"), Pem.encode(svid.chain()));
        Files.writeString(files.resolve("root.pem"), Pem.encode(List.of(sidecars.authority.certificate())));
    }
}
