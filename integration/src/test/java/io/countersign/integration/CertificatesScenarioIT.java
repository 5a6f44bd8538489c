package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.mesh.Command;
import io.countersign.integration.mesh.RunningMesh;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The mutual TLS deep-dive, row by row: what a sidecar's certificate is, and what a client beside its sidecar needs of
/// it where the whole mesh takes mutual TLS only.
@InPods
class CertificatesScenarioIT {
    private static final String CLIENT = "sleep.default/proxy";
    private static final String URL = "https://httpbin:8000/headers";
    private static final String CERTIFICATE =
            "--key /etc/certs/key.pem --cert /etc/certs/cert-chain.pem --cacert /etc/certs/root-cert.pem";
    private static final String CODE = "-s -o /dev/null -w %{http_code}";

    private final RunningMesh mesh;

    CertificatesScenarioIT(RunningMesh mesh) {
        this.mesh = mesh;
    }

    @BeforeAll
    static void strict(RunningMesh mesh) {
        mesh.kubectl("apply", "-f", "samples/policies/mesh-strict.yaml").orFail();
        mesh.csign("wait", "meshpolicy/default").orFail();
        mesh.csign("wait", "destinationrule/default", "-n", "istio-system").orFail();
    }

    @AfterAll
    static void permissive(RunningMesh mesh) {
        mesh.kubectl("delete", "destinationrule", "default", "-n", "istio-system")
                .orFail();
        mesh.kubectl("apply", "-f", "samples/manifests/mesh.yaml").orFail();
        mesh.csign("wait", "meshpolicy/default").orFail();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"sleep.default", "httpbin.default", "my-nginx.https", "ratings-v1.bookinfo"})
    @DisplayName("S1.2 /etc/certs holds chain, key and roots, and nothing else")
    void files(String workload) {
        assertThat(shell(workload + "/proxy", "ls /etc/certs").orFail().lines())
                .containsExactly("cert-chain.pem", "key.pem", "root-cert.pem");
    }

    @Test
    @DisplayName("S1.3 the key is the certificate's, the root verifies it, and all share the root")
    void keyAndRoot() {
        // When
        var keys = shell(
                        CLIENT,
                        "openssl pkey -in /etc/certs/key.pem -pubout; openssl x509 -in /etc/certs/cert-chain.pem -noout -pubkey")
                .orFail();
        var half = keys.length() / 2;

        // Then
        assertThat(keys.substring(0, half)).isEqualTo(keys.substring(half)).isNotEmpty();
        assertThat(shell(
                                CLIENT,
                                "openssl verify -CAfile /etc/certs/root-cert.pem -untrusted /etc/certs/cert-chain.pem"
                                        + " /etc/certs/cert-chain.pem")
                        .orFail())
                .isEqualTo("/etc/certs/cert-chain.pem: OK\n");
        assertThat(shell("httpbin.default/proxy", "cat /etc/certs/root-cert.pem")
                        .orFail())
                .isEqualTo(shell(CLIENT, "cat /etc/certs/root-cert.pem").orFail());
    }

    @Test
    @DisplayName("S1.4 it is valid now")
    void validity() {
        assertThat(shell(CLIENT, "openssl x509 -in /etc/certs/cert-chain.pem -noout -checkend 0")
                        .orFail())
                .contains("will not expire");
    }

    @Test
    @DisplayName("S1.5 its one name is the SPIFFE ID of the service account")
    void name() {
        assertThat(shell("httpbin.default/proxy", "openssl x509 -in /etc/certs/cert-chain.pem -noout -text")
                        .orFail())
                .contains("URI:spiffe://cluster.local/ns/default/sa/default");
    }

    @Test
    @DisplayName("S1.6 it has no DNS name: without -k curl ends with 60")
    void noDnsName() {
        assertThat(curl(URL + " -sS " + CERTIFICATE).exitCode()).isEqualTo(60);
    }

    @Test
    @DisplayName("S1.17 plaintext beside the sidecar is reset: 000, exit code 56")
    void plaintext() {
        // When
        var refused = curl("http://httpbin:8000/headers " + CODE);

        // Then
        assertThat(refused.output()).isEqualTo("000");
        assertThat(refused.exitCode()).isEqualTo(56);
        assertThat(refused.errors()).isEqualTo("command terminated with exit code 56\n");
    }

    @ParameterizedTest(name = "TLS up to {0}: exit code {1}")
    @CsvSource({"1.2, 35", "1.3, 56"})
    @DisplayName("S1.18 TLS without a certificate is refused")
    void withoutCertificate(String version, int exitCode) {
        // When
        var refused = curl(URL + " -k --tls-max " + version + " " + CODE);

        // Then
        assertThat(refused.output()).isEqualTo("000");
        assertThat(refused.exitCode()).isEqualTo(exitCode);
    }

    @Test
    @DisplayName("S1.19 with the sidecar's certificate it is 200, and the server is told who called")
    void withCertificate() {
        assertThat(curl(URL + " -sS -k " + CERTIFICATE).orFail())
                .contains("X-Forwarded-Client-Cert", "URI=spiffe://cluster.local/ns/default/sa/sleep");
    }

    @ParameterizedTest(name = "TLS up to {0}: exit code {1}")
    @CsvSource({"1.2, 35", "1.3, 56"})
    @DisplayName("S1.20 the certificate of a foreign authority is refused as such")
    void foreignAuthority(String version, int exitCode) {
        // When
        var refused = shell(
                CLIENT,
                "cd $(mktemp -d) && openssl req -x509 -nodes -subj /CN=foreign -keyout key.pem -out cert.pem 2>/dev/null"
                        + " && curl -sS -k --tls-max " + version + " --key key.pem --cert cert.pem " + URL);

        // Then
        assertThat(refused.exitCode()).isEqualTo(exitCode);
        assertThat(refused.errors()).contains("alert unknown ca");
    }

    @ParameterizedTest(name = "{0}: alert {1}")
    @CsvSource({"-tls1_2, 40", "-tls1_3, 116"})
    @DisplayName("S1.22 the alert for no certificate is the version's")
    void alerts(String version, int alert) {
        assertThat(shell(CLIENT, "openssl s_client -connect httpbin:8000 -ign_eof " + version)
                        .errors())
                .contains("SSL alert number " + alert);
    }

    private Command.Result curl(String arguments) {
        return mesh.exec(
                CLIENT,
                Stream.concat(Stream.of("curl"), Stream.of(arguments.split(" ", -1)))
                        .toArray(String[]::new));
    }

    private Command.Result shell(String place, String script) {
        return mesh.exec(place, "sh", "-c", script);
    }
}
