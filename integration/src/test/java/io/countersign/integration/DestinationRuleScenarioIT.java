package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.mesh.HttpbinPolicy;
import io.countersign.integration.mesh.RunningMesh;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The end of the automatic mutual TLS task: what a client's explicit rule does to it, and the switch that turns it
/// off.
@ExtendWith(SampleMesh.class)
class DestinationRuleScenarioIT {
    private static final Duration IN_FORCE_MAX = Duration.ofSeconds(10);
    private static final String AUTO_MTLS = "countersign.policy.mesh.auto-mtls";
    private static final String RULE = "samples/policies/httpbin-full-mtls.yaml";

    private final RunningMesh mesh;

    DestinationRuleScenarioIT(RunningMesh mesh) {
        this.mesh = mesh;
    }

    @AfterEach
    void withoutRuleAndPolicy() {
        mesh.kubectl("delete", "--ignore-not-found=true", "-f", RULE).orFail();
        HttpbinPolicy.delete(mesh);
        awaitProbe(Probe.MUTUAL_TLS);
    }

    /// S3.18 to S3.23.
    @Test
    void aRuleForMutualTlsFailsTowardsAServerWithoutItAndChangesNothingElse() {
        // Given
        HttpbinPolicy.DISABLE.putInForce(mesh);

        // When
        mesh.kubectl("apply", "-f", RULE).orFail();
        mesh.awaitDistributed("full", "destinationrule/httpbin-full-mtls");

        // Then
        awaitProbe(Probe.UNAVAILABLE);
        assertThat(probe("full", "partial")).returns("200", Probe::code);
        assertThat(probe("full", "legacy")).isEqualTo(Probe.PLAINTEXT);
        assertThat(probe("legacy", "full")).isEqualTo(Probe.PLAINTEXT);
        assertThat(probe("legacy", "partial")).returns("200", Probe::code);
        assertThat(probe("legacy", "legacy")).isEqualTo(Probe.PLAINTEXT);
    }

    /// S3.24.
    @Test
    void anExplicitRuleOverridesAutomaticMutualTlsInBothDirections() {
        // Given
        HttpbinPolicy.PERMISSIVE.putInForce(mesh);

        // When
        rule("tls: {mode: DISABLE}");
        var plaintext = probe("full", "full");
        HttpbinPolicy.STRICT.putInForce(mesh);

        // Then
        assertThat(plaintext).isEqualTo(Probe.PLAINTEXT);
        awaitProbe(Probe.UNAVAILABLE);

        // When
        rule("tls: {mode: ISTIO_MUTUAL}");

        // Then
        assertThat(probe("full", "full")).isEqualTo(Probe.MUTUAL_TLS);
    }

    /// S3.24.
    @Test
    void aRuleWithoutTlsLeavesAutomaticMutualTlsOn() {
        // Given
        HttpbinPolicy.STRICT.putInForce(mesh);

        // When
        rule("connectionPool: {tcp: {maxConnections: 100}}");

        // Then
        assertThat(probe("full", "full")).isEqualTo(Probe.MUTUAL_TLS);
    }

    /// S3.25.
    @Test
    void withoutAutomaticMutualTlsClientsFallBackToPlaintextWhichStrictRefuses() {
        // Given
        HttpbinPolicy.PERMISSIVE.putInForce(mesh);

        // When
        mesh.reconfigure("policy-service", AUTO_MTLS + "=false");
        try {
            // Then
            awaitProbe(Probe.PLAINTEXT);
            HttpbinPolicy.STRICT.putInForce(mesh);
            awaitProbe(Probe.UNAVAILABLE);
            rule("tls: {mode: ISTIO_MUTUAL}");
            assertThat(probe("full", "full")).isEqualTo(Probe.MUTUAL_TLS);
        } finally {
            mesh.reconfigure("policy-service", AUTO_MTLS + "=true");
        }
    }

    private void rule(String trafficPolicy) {
        mesh.apply("full", """
                apiVersion: networking.istio.io/v1alpha3
                kind: DestinationRule
                metadata:
                  name: httpbin-full-mtls
                spec:
                  host: httpbin.full.svc.cluster.local
                  trafficPolicy:
                    %s
                """.formatted(trafficPolicy)).orFail();
        mesh.awaitDistributed("full", "destinationrule/httpbin-full-mtls");
    }

    private Probe probe(String from, String to) {
        return Probe.between(mesh, from, to);
    }

    /// A connection between the two proxies that was allowed before may take one more request while it is drained.
    private void awaitProbe(Probe expected) {
        Awaitility.await()
                .atMost(IN_FORCE_MAX)
                .untilAsserted(() -> assertThat(probe("full", "full")).isEqualTo(expected));
    }
}
