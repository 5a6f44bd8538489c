package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.mesh.RunningMesh;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// PeerAuthentication from kubectl to the wire: a namespace, a workload, a port, and none again.
@ExtendWith(SampleMesh.class)
class PeerAuthenticationScenarioIT {
    private final RunningMesh mesh;

    PeerAuthenticationScenarioIT(RunningMesh mesh) {
        this.mesh = mesh;
    }

    @AfterEach
    void withoutPolicy() {
        mesh.kubectl("delete", "peerauthentications", "--all", "-n", "full").orFail();
        awaitProbe("legacy", Probe.PLAINTEXT);
    }

    @Test
    void aNamespaceThatIsStrictRefusesPlaintextUntilItsPolicyIsDeleted() {
        // When
        put("default", "mtls: {mode: STRICT}");

        // Then
        assertThat(probe("full")).isEqualTo(Probe.MUTUAL_TLS);
        assertThat(probe("legacy")).isEqualTo(Probe.RESET);
        assertThat(Probe.between(mesh, "legacy", "partial")).returns("200", Probe::code);

        // When
        mesh.kubectl("delete", "peerauthentication", "default", "-n", "full").orFail();

        // Then
        awaitProbe("legacy", Probe.PLAINTEXT);
        assertThat(probe("full")).isEqualTo(Probe.MUTUAL_TLS);
    }

    @Test
    void theModeOfAWorkloadsPortGoesBeforeTheWorkloadsAndThatBeforeTheNamespaces() {
        // Given
        put("default", "mtls: {mode: STRICT}");

        // When
        put("httpbin", "selector: {matchLabels: {app: httpbin}}, mtls: {mode: PERMISSIVE}");

        // Then
        assertThat(probe("legacy")).isEqualTo(Probe.PLAINTEXT);
        assertThat(probe("full")).isEqualTo(Probe.MUTUAL_TLS);

        // When
        put(
                "httpbin",
                "selector: {matchLabels: {app: httpbin}}, mtls: {mode: PERMISSIVE}, portLevelMtls: {8000: {mode: STRICT}}");

        // Then
        assertThat(probe("legacy")).isEqualTo(Probe.RESET);
        assertThat(probe("full")).isEqualTo(Probe.MUTUAL_TLS);

        // When
        put(
                "httpbin",
                "selector: {matchLabels: {app: httpbin}}, mtls: {mode: STRICT}, portLevelMtls: {8000: {mode: DISABLE}}");

        // Then
        assertThat(probe("legacy")).isEqualTo(Probe.PLAINTEXT);
        assertThat(probe("full")).isEqualTo(Probe.PLAINTEXT);
    }

    private void put(String name, String spec) {
        mesh.apply("full", """
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata:
                  name: %s
                spec: {%s}
                """.formatted(name, spec)).orFail();
        mesh.awaitDistributed("full", "peerauthentication/" + name);
    }

    private Probe probe(String from) {
        return Probe.between(mesh, from, "full");
    }

    private void awaitProbe(String from, Probe expected) {
        Awaitility.await().untilAsserted(() -> assertThat(probe(from)).isEqualTo(expected));
    }
}
