package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.mesh.Command;
import io.countersign.integration.mesh.RunningMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mutual TLS over HTTPS services, row by row: nginx speaks TLS itself, with and without a sidecar before it.
@InPods
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HttpsServiceScenarioIT {
    private static final String WELCOME = "Welcome to nginx!";
    private static final String URL = "https://my-nginx";

    private final RunningMesh mesh;

    HttpsServiceScenarioIT(RunningMesh mesh) {
        this.mesh = mesh;
    }

    @AfterAll
    static void permissive(RunningMesh mesh) {
        mesh.kubectl("apply", "-f", "samples/manifests/mesh.yaml").orFail();
        mesh.csign("wait", "meshpolicy/default").orFail();
    }

    @Test
    @Order(5)
    @DisplayName("S0.5 nginx without a sidecar answers, beside the client's sidecar and through it")
    void withoutSidecar() {
        for (var client : List.of("sleep.https/proxy", "sleep.https/app")) {
            assertThat(curl(client, "https://my-nginx.https-nosidecar", "-k").orFail())
                    .contains(WELCOME);
        }
    }

    @Test
    @Order(6)
    @DisplayName("S0.6 PERMISSIVE: the client sees nginx's own certificate")
    void permissive() {
        assertNginxIsSeenBy("sleep.https/app");
    }

    @Test
    @Order(7)
    @DisplayName("S0.7 PERMISSIVE: so it does beside its sidecar")
    void permissiveBesideTheSidecar() {
        assertNginxIsSeenBy("sleep.https/proxy");
    }

    @Test
    @Order(8)
    @DisplayName("S0.6, S0.7 no peers (DISABLE): the same")
    void disable() {
        // When
        meshPolicy("spec: {}");

        // Then
        assertNginxIsSeenBy("sleep.https/app");
        assertNginxIsSeenBy("sleep.https/proxy");
    }

    @Test
    @Order(9)
    @DisplayName("S0.8 STRICT: HTTPS goes inside mutual TLS, as bytes")
    void strict() {
        // Given
        meshPolicy("spec: {peers: [{mtls: {}}]}");

        try (var wire = Wiretap.on(mesh)) {
            // When
            assertNginxIsSeenBy("sleep.https/app");

            // Then
            // What nginx is offered is inside; what its sidecar is offered is not.
            assertThat(wire.between("sleep.https", "my-nginx.https"))
                    .contains("istio-peer-exchange")
                    .doesNotContain("http/1.1");
        }
    }

    @Test
    @Order(10)
    @DisplayName("S0.9 STRICT, beside the sidecar: no certificate, exit code 56")
    void strictBesideTheSidecar() {
        // When
        var refused = curl("sleep.https/proxy", URL, "-k");

        // Then
        assertThat(refused.exitCode()).isEqualTo(56);
        assertThat(refused.errors())
                .contains("curl: (56) OpenSSL SSL_read", "alert certificate required")
                .contains("command terminated with exit code 56");
    }

    @Test
    @Order(11)
    @DisplayName("S0.10 STRICT, beside the sidecar with the mesh's certificate: plain HTTP for an HTTPS port")
    void strictWithTheCertificate() {
        // When
        var answer = curl(
                "sleep.https/proxy",
                URL,
                "-k",
                "--key",
                "/etc/certs/key.pem",
                "--cert",
                "/etc/certs/cert-chain.pem",
                "--cacert",
                "/etc/certs/root-cert.pem");

        // Then
        assertThat(answer.output())
                .contains("The plain HTTP request was sent to HTTPS port")
                .doesNotContain(WELCOME);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"'spec: {peers: [{mtls: {}}]}', TLSv1.3", "'spec: {}', ''"})
    @Order(12)
    @DisplayName("S0.11 with mutual TLS and without, the sidecars relay bytes: no request in their logs, no XFCC")
    void bytes(String policy, String tlsVersion) throws IOException {
        // Given
        meshPolicy(policy);
        var logs = List.of(log("sleep.https"), log("my-nginx.https"));
        var before = List.of(
                Files.readString(logs.getFirst()).length(),
                Files.readString(logs.getLast()).length());

        // When
        var seen = curl("sleep.https/app", URL + "/client-cert", "-k").orFail();

        // Then
        assertThat(seen).isEqualTo("X-Forwarded-Client-Cert: []\n");
        for (var i = 0; i < logs.size(); i++) {
            var log = logs.get(i);
            var from = before.get(i);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(Files.readString(log)
                                    .substring(from)
                                    .lines()
                                    .filter(line -> line.contains(" access ")))
                            .isNotEmpty()
                            .allMatch(line -> line.contains(" access connection ")
                                    && line.contains("tlsVersion=\"" + tlsVersion + "\"")));
        }
    }

    private Path log(String workload) {
        return mesh.state().resolve("logs/" + workload + "-proxy.log");
    }

    private void meshPolicy(String spec) {
        mesh.apply("", """
                apiVersion: authentication.istio.io/v1alpha1
                kind: MeshPolicy
                metadata:
                  name: default
                %s
                """.formatted(spec)).orFail();
        mesh.csign("wait", "meshpolicy/default").orFail();
    }

    private Command.Result curl(String place, String url, String... options) {
        return mesh.exec(
                place,
                Stream.concat(Stream.of("curl", "-sS", url), Stream.of(options)).toArray(String[]::new));
    }

    /// Not only its words: its certificate too.
    private void assertNginxIsSeenBy(String place) {
        assertThat(curl(place, URL, "-k").orFail()).contains(WELCOME);
        assertThat(mesh.exec(place, "openssl", "s_client", "-connect", "my-nginx:443")
                        .output())
                .contains("CN = my-nginx, O = my-nginx");
    }
}
