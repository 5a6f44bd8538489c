package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.mesh.Command;
import io.countersign.integration.mesh.HttpbinPolicy;
import io.countersign.integration.mesh.RunningMesh;
import io.countersign.integration.traffic.HttpAnswer;
import io.countersign.integration.traffic.SteadyTraffic;
import io.countersign.integration.traffic.SteadyTraffic.Connections;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/// The automatic mutual TLS task: six workloads, from PERMISSIVE to STRICT to DISABLE and back, with real kubectl and
/// curl, while requests that every mode allows go on.
@ExtendWith(SampleMesh.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MatrixScenarioIT {
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final RunningMesh mesh;

    MatrixScenarioIT(RunningMesh mesh) {
        this.mesh = mesh;
    }

    @Test
    @Order(1)
    void theInstallWritesAnExplicitPermissiveMeshPolicy() {
        assertThat(mesh.kubectl("get", "meshpolicies", "-o", "yaml").orFail()).contains("mode: PERMISSIVE");
        assertThat(mesh.kubectl("get", "policies.authentication.istio.io", "--all-namespaces")
                        .orFail())
                .isEmpty();
    }

    @Test
    @Order(2)
    void permissiveLetsEveryoneIn() {
        assertThat(probe("full", "full")).isEqualTo(Probe.MUTUAL_TLS);
        assertThat(probe("full", "partial")).returns("200", Probe::code);
        assertThat(probe("full", "legacy")).isEqualTo(Probe.PLAINTEXT);
        for (var to : List.of("full", "partial", "legacy")) {
            assertThat(probe("legacy", to)).isEqualTo(Probe.PLAINTEXT);
        }
    }

    @Test
    @Order(3)
    void eachEndpointOfAMixedServiceIsSpokenToAsItNeedsIt() {
        // When
        var probes = Stream.generate(() -> probe("full", "partial")).limit(10).toList();

        // Then
        assertThat(probes).allMatch(probe -> probe.code().equals("200"));
        assertThat(probes).extracting(Probe::clientIdentified).contains(true, false);
    }

    @Test
    @Order(4)
    void noRequestFailsBetweenPermissiveAndStrict() throws Exception {
        // Given
        HttpbinPolicy.PERMISSIVE.putInForce(mesh);
        var kept = meshed(Connections.KEEP_ALIVE);
        var fresh = meshed(Connections.NEW);
        var legacy = SteadyTraffic.start(
                mesh.direct("httpbin.partial", "/headers", answer -> answer.status() == 200),
                Connections.KEEP_ALIVE,
                2,
                PAUSE);

        // When
        for (int i = 0; i < 5; i++) {
            HttpbinPolicy.STRICT.putInForce(mesh);
            HttpbinPolicy.PERMISSIVE.putInForce(mesh);
        }

        // Then
        for (var traffic : List.of(kept, fresh, legacy)) {
            var tally = traffic.stop();
            assertThat(tally.failures()).isEmpty();
            assertThat(tally.good()).isGreaterThan(100);
        }
    }

    @Test
    @Order(5)
    void strictLetsOnlyMeshedClientsIn() {
        // When
        HttpbinPolicy.STRICT.putInForce(mesh);

        // Then
        assertThat(probe("full", "full")).isEqualTo(Probe.MUTUAL_TLS);
        assertThat(probe("full", "partial")).returns("200", Probe::code);
        assertThat(probe("full", "legacy")).isEqualTo(Probe.PLAINTEXT);
        assertThat(probe("legacy", "full")).isEqualTo(Probe.RESET);
        assertThat(probe("legacy", "partial")).returns("200", Probe::code);
        assertThat(probe("legacy", "legacy")).isEqualTo(Probe.PLAINTEXT);
    }

    @Test
    @Order(6)
    void disableIsPlaintextForEveryone() {
        // When
        HttpbinPolicy.DISABLE.putInForce(mesh);

        // Then
        assertThat(probe("full", "full")).isEqualTo(Probe.PLAINTEXT);
        for (var from : List.of("full", "legacy")) {
            for (var to : List.of("full", "partial", "legacy")) {
                assertThat(probe(from, to)).returns("200", Probe::code);
            }
        }
    }

    @Test
    @Order(7)
    void deletingThePolicyGivesTheMeshPolicyBack() {
        // When
        mesh.kubectl("delete", "policy", "httpbin", "-n", "full").orFail();
        mesh.kubectl("delete", "policy", "httpbin", "-n", "full", "--ignore-not-found=true")
                .orFail();

        // Then
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(probe("full", "full")).isEqualTo(Probe.MUTUAL_TLS));
        assertThat(probe("legacy", "full")).isEqualTo(Probe.PLAINTEXT);
    }

    @Test
    @Order(8)
    void aWorkloadIsAddressedByItsOwnNameToo() {
        assertThat(Probe.of(mesh, "sleep.full/app", "http://httpbin-nosidecar.partial:8000/headers"))
                .isEqualTo(Probe.PLAINTEXT);
        assertThat(Probe.of(mesh, "sleep.full/proxy", "http://httpbin.full.svc.cluster.local:8000/headers"))
                .isEqualTo(Probe.PLAINTEXT);
    }

    @Test
    @Order(9)
    void aClientsOwnForwardedCertificateIsNotBelieved() {
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

    @Test
    @Order(10)
    void everyFieldThatIsWrongIsNamed() {
        // When
        var applied = applyBad();

        // Then
        assertThat(applied.exitCode()).isNotZero();
        assertThat(applied.errors()).contains("spec.peers[0].mtls.mode").contains("spec.pears");
    }

    private Command.Result applyBad() {
        return mesh.apply("full", """
                apiVersion: authentication.istio.io/v1alpha1
                kind: Policy
                metadata:
                  name: default
                spec:
                  pears: []
                  peers:
                  - mtls:
                      mode: STRICTEST
                """);
    }

    private SteadyTraffic meshed(Connections connections) {
        return SteadyTraffic.start(
                mesh.asApp("sleep.full", "http://httpbin.full:8000/headers", MatrixScenarioIT::isMutuallyAuthenticated),
                connections,
                2,
                PAUSE);
    }

    private static boolean isMutuallyAuthenticated(HttpAnswer answer) {
        return answer.status() == 200 && Probe.identifiesClient(answer.body());
    }

    private Probe probe(String from, String to) {
        return Probe.between(mesh, from, to);
    }
}
