package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.mesh.HttpbinPolicy;
import io.countersign.integration.mesh.RunningMesh;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// The automatic mutual TLS task, row by row: each row begins where the one before has ended.
@InPods
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AutomaticMutualTlsScenarioIT {
    private static final List<String> NAMESPACES = List.of("full", "partial", "legacy");
    private static final String AUTO_MTLS = "countersign.policy.mesh.auto-mtls";
    private static final String RULE = "samples/policies/httpbin-full-mtls.yaml";

    private final RunningMesh mesh;

    AutomaticMutualTlsScenarioIT(RunningMesh mesh) {
        this.mesh = mesh;
    }

    @Test
    @Order(2)
    @DisplayName("S3.2 at the start there is no policy but the mesh's")
    void noPolicies() {
        var policies = mesh.kubectl("get", "policies.authentication.istio.io", "--all-namespaces");
        assertThat(policies.orFail()).isEmpty();
        assertThat(policies.errors()).contains("No resources found");
    }

    @Test
    @Order(3)
    @DisplayName("S3.3 the mesh's policy says PERMISSIVE")
    void meshPolicy() {
        assertThat(mesh.kubectl("get", "meshpolicies", "-o", "yaml").orFail().lines())
                .filteredOn(line -> line.contains(" mode"))
                .extracting(String::strip)
                .containsExactly("mode: PERMISSIVE");
    }

    @Test
    @Order(4)
    @DisplayName("S3.4 no rule's host matches httpbin")
    void noRules() {
        assertNoRules();
    }

    @Test
    @Order(5)
    @DisplayName("S3.5 all six pairs are answered 200")
    void setup() {
        assertCodes();
    }

    @Test
    @Order(6)
    @DisplayName("S3.6 full to full is mutual TLS: the client's URI is shown")
    void identity() {
        assertThat(probe("full", "full")).isEqualTo(Probe.MUTUAL_TLS);
    }

    @Test
    @Order(7)
    @DisplayName("S3.7 to S3.10 PERMISSIVE lets everyone in")
    void permissive() {
        assertThat(probe("full", "full")).isEqualTo(Probe.MUTUAL_TLS);
        assertThat(probe("full", "partial")).returns("200", Probe::code);
        assertThat(probe("full", "legacy")).isEqualTo(Probe.PLAINTEXT);
        for (var to : NAMESPACES) {
            assertThat(probe("legacy", to)).isEqualTo(Probe.PLAINTEXT);
        }
    }

    @Test
    @Order(11)
    @DisplayName("S3.11 each endpoint of a mixed service is spoken to as it needs it")
    void mixed() {
        // When
        var probes = Stream.generate(() -> probe("full", "partial")).limit(10).toList();

        // Then
        assertThat(probes).allMatch(probe -> probe.code().equals("200"));
        assertThat(probes).extracting(Probe::clientIdentified).contains(true, false);
    }

    @Test
    @Order(12)
    @DisplayName("S3.12 a policy with mtls: {} makes httpbin in full STRICT, and nothing else")
    void strictPolicy() {
        // When
        HttpbinPolicy.STRICT.putInForce(mesh);

        // Then
        assertThat(mesh.kubectl("get", "policies.authentication.istio.io", "--all-namespaces")
                        .orFail()
                        .lines()
                        .map(line -> List.of(line.split(" +", -1)).subList(0, 2)))
                .containsExactly(List.of("NAMESPACE", "NAME"), List.of("full", "httpbin"));
        assertThat(probe("legacy", "partial")).returns("200", Probe::code);
    }

    @Test
    @Order(13)
    @DisplayName("S3.13 STRICT resets the client without a sidecar, curl ends with 56")
    void strict() {
        assertThat(probe("full", "full")).isEqualTo(Probe.MUTUAL_TLS);
        assertThat(probe("full", "partial")).returns("200", Probe::code);
        assertThat(probe("full", "legacy")).isEqualTo(Probe.PLAINTEXT);
        assertThat(probe("legacy", "full")).isEqualTo(Probe.RESET);
        assertThat(probe("legacy", "partial")).returns("200", Probe::code);
        assertThat(probe("legacy", "legacy")).isEqualTo(Probe.PLAINTEXT);
    }

    @Test
    @Order(14)
    @DisplayName("S3.14 clients followed by themselves: there is no rule")
    void noRuleWasNeeded() {
        assertNoRules();
    }

    @Test
    @Order(15)
    @DisplayName("S3.15, S3.17 apply of the same name replaces it by one without peers")
    void disablePolicy() {
        assertThat(mesh.kubectl("apply", "-f", "samples/policies/disable.yaml").orFail())
                .isEqualTo("policy.authentication.istio.io/httpbin configured\n");
        HttpbinPolicy.awaitInForce(mesh);
    }

    @Test
    @Order(16)
    @DisplayName("S3.16 DISABLE is plaintext for everyone")
    void disable() {
        assertThat(probe("full", "full")).isEqualTo(Probe.PLAINTEXT);
        assertCodes();
    }

    @Test
    @Order(18)
    @DisplayName("S3.18 to S3.23 a rule for mutual TLS against DISABLE gives 503, there only")
    void conflictingRule() {
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

    @Test
    @Order(24)
    @DisplayName("S3.24 an explicit rule overrides automatic mutual TLS in both directions")
    void explicitRules() {
        // Given
        HttpbinPolicy.PERMISSIVE.putInForce(mesh);

        // When
        rule("tls: {mode: DISABLE}");

        // Then
        awaitProbe(Probe.PLAINTEXT);

        // When
        HttpbinPolicy.STRICT.putInForce(mesh);

        // Then
        awaitProbe(Probe.UNAVAILABLE);

        // When
        rule("tls: {mode: ISTIO_MUTUAL}");

        // Then
        assertThat(probe("full", "full")).isEqualTo(Probe.MUTUAL_TLS);
    }

    @Test
    @Order(25)
    @DisplayName("S3.24 a rule without tls leaves automatic mutual TLS on")
    void ruleWithoutTls() {
        // When
        rule("connectionPool: {tcp: {maxConnections: 100}}");

        // Then
        assertThat(probe("full", "full")).isEqualTo(Probe.MUTUAL_TLS);
    }

    @Test
    @Order(26)
    @DisplayName("S3.25 without automatic mutual TLS clients fall back to plaintext, which STRICT refuses")
    void withoutAutomaticMutualTls() {
        // Given
        mesh.kubectl("delete", "-f", RULE).orFail();
        HttpbinPolicy.PERMISSIVE.putInForce(mesh);

        // When
        mesh.reconfigure("policy-service", AUTO_MTLS + "=false");
        try {
            // Then
            awaitProbe(Probe.PLAINTEXT);
            HttpbinPolicy.STRICT.putInForce(mesh);
            awaitProbe(Probe.UNAVAILABLE);
        } finally {
            mesh.reconfigure("policy-service", AUTO_MTLS + "=true");
        }
        awaitProbe(Probe.MUTUAL_TLS);
    }

    @Test
    @Order(27)
    @DisplayName("the mesh's policy holds again when the other is deleted")
    void deletedPolicy() {
        // When
        mesh.kubectl("delete", "policy", "httpbin", "-n", "full").orFail();

        // Then
        Awaitility.await()
                .untilAsserted(() -> assertThat(probe("legacy", "full")).isEqualTo(Probe.PLAINTEXT));
    }

    @Test
    @Order(28)
    @DisplayName("nobody without a certificate forges an identity")
    void spoofing() {
        // When
        var answer = mesh.exec(
                        "sleep.legacy/app",
                        "curl",
                        "-s",
                        "-H",
                        "X-Forwarded-Client-Cert: URI=spiffe://cluster.local/ns/full/sa/sleep",
                        "http://httpbin.full:8000/headers")
                .orFail();

        // Then
        assertThat(answer).doesNotContain("spiffe").doesNotContainIgnoringCase("X-Forwarded-Client-Cert");
    }

    private void assertNoRules() {
        assertThat(mesh.kubectl("get", "destinationrules", "--all-namespaces", "-o", "yaml")
                        .orFail())
                .doesNotContain("host:");
    }

    private void assertCodes() {
        for (var from : List.of("full", "legacy")) {
            for (var to : NAMESPACES) {
                assertThat(probe(from, to)).as(from + " to " + to).returns("200", Probe::code);
            }
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
        Awaitility.await().untilAsserted(() -> assertThat(probe("full", "full")).isEqualTo(expected));
    }
}
