package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.integration.mesh.HttpbinPolicy;
import io.countersign.integration.mesh.RunningMesh;
import io.countersign.integration.mesh.SideProcess;
import io.countersign.integration.traffic.HttpAnswer;
import io.countersign.integration.traffic.SteadyTraffic;
import io.countersign.integration.traffic.SteadyTraffic.Connections;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Make before break: modes change both ways under traffic between workloads with a proxy, and no request fails.
@ExtendWith(SampleMesh.class)
class TransitionScenarioIT {
    private static final Duration PAUSE = Duration.ofMillis(5);
    /// Long enough to look at what holds until then, on a busy machine.
    private static final Duration TRANSITION_MAX = Duration.ofSeconds(15);

    private static final String SILENT = "httpbin.partial";
    private static final String MIGRATING = "httpbin.partial";
    private static final String TRANSITION_MAX_KEY = "countersign.distributor.distribution.transition-max=";

    private final RunningMesh mesh;

    TransitionScenarioIT(RunningMesh mesh) {
        this.mesh = mesh;
    }

    @AfterEach
    void withoutPolicy() {
        HttpbinPolicy.delete(mesh);
    }

    @Test
    void noRequestFailsWhicheverWayTheModeChanges() throws Exception {
        // Given
        HttpbinPolicy.PERMISSIVE.putInForce(mesh);
        var traffic = meshedTraffic("full");

        // When
        for (int i = 0; i < 3; i++) {
            HttpbinPolicy.DISABLE.putInForce(mesh);
            assertThat(probe("full")).isEqualTo(Probe.PLAINTEXT);
            HttpbinPolicy.STRICT.putInForce(mesh);
            assertThat(probe("full")).isEqualTo(Probe.MUTUAL_TLS);
            assertThat(probe("legacy")).isEqualTo(Probe.RESET);
            HttpbinPolicy.DISABLE.putInForce(mesh);
            HttpbinPolicy.PERMISSIVE.putInForce(mesh);
            HttpbinPolicy.STRICT.putInForce(mesh);
        }
        // Changes that overtake one another.
        HttpbinPolicy.DISABLE.apply(mesh);
        HttpbinPolicy.STRICT.apply(mesh);
        HttpbinPolicy.PERMISSIVE.apply(mesh);
        HttpbinPolicy.DISABLE.putInForce(mesh);

        // Then
        assertNoneFailed(traffic);
    }

    @Test
    void aSilentNodeIsNamedAndDelaysAChangeNoLongerThanItMay() throws Exception {
        mesh.reconfigure("config-distributor", TRANSITION_MAX_KEY + TRANSITION_MAX);
        try {
            // Given
            HttpbinPolicy.DISABLE.putInForce(mesh);
            var traffic = meshedTraffic("full");
            mesh.suspend(SILENT + "-proxy");
            try {
                for (var mode : List.of(HttpbinPolicy.STRICT, HttpbinPolicy.DISABLE)) {
                    // When
                    var before = Instant.now();
                    mode.apply(mesh);

                    // Then
                    awaitCondition("reason: ChangingMode", "behind: " + SILENT);
                    assertThat(probe("legacy")).isEqualTo(Probe.PLAINTEXT);
                    awaitCondition("reason: NodesBehind", "behind: " + SILENT);
                    assertThat(Duration.between(before, Instant.now())).isGreaterThan(TRANSITION_MAX);
                    assertThat(probe("legacy")).isEqualTo(mode == HttpbinPolicy.STRICT ? Probe.RESET : Probe.PLAINTEXT);
                }
            } finally {
                mesh.resume(SILENT + "-proxy");
            }
            HttpbinPolicy.awaitInForce(mesh);
            assertNoneFailed(traffic);
        } finally {
            mesh.reconfigure("config-distributor", TRANSITION_MAX_KEY + "PT30S");
        }
    }

    /// As pods are replaced: a workload is withdrawn before its process ends, and offered once the next one is there.
    @Test
    void aServicesWorkloadLosesItsProxyAndGetsOneAgainWithNoRuleTouched() throws Exception {
        // Given
        awaitEndpoints("MUTUAL_TLS", "PLAINTEXT");
        var traffic = meshedTraffic("partial");

        // When
        withdraw();
        mesh.stop(MIGRATING + "-proxy", false);
        try (var _ = SideProcess.httpbin(mesh, MIGRATING)) {
            Awaitility.await().until(() -> direct(mesh.address(MIGRATING)).exitCode() == 0);
            mesh.apply("partial", """
                    apiVersion: networking.istio.io/v1
                    kind: WorkloadEntry
                    metadata:
                      name: httpbin
                    spec:
                      address: %s
                      labels: {app: httpbin}
                      serviceAccount: httpbin
                    """.formatted(mesh.address(MIGRATING))).orFail();

            // Then
            awaitEndpoints("PLAINTEXT", "PLAINTEXT");
            assertThat(Probe.between(mesh, "full", "partial")).isEqualTo(Probe.PLAINTEXT);
            withdraw();
        }

        // When
        mesh.kubectl(
                        "apply",
                        "-f",
                        mesh.state().resolve("manifests/partial.yaml").toString())
                .orFail();
        mesh.start(MIGRATING + "-proxy");

        // Then
        awaitEndpoints("MUTUAL_TLS", "PLAINTEXT");
        assertNoneFailed(traffic);
    }

    private void withdraw() {
        mesh.kubectl("delete", "workloadentry", "httpbin", "-n", "partial").orFail();
        awaitEndpoints("PLAINTEXT");
    }

    /// How sleep's proxy would speak to the workloads of the partly migrated service.
    private void awaitEndpoints(String... expected) {
        Awaitility.await().untilAsserted(() -> assertThat(endpoints()).containsExactlyInAnyOrder(expected));
    }

    private List<String> endpoints() throws IOException {
        var modes = new ArrayList<String>();
        for (var cluster : new ObjectMapper()
                .readTree(mesh.admin("sleep.full", "/clusters"))
                .path("clusters")) {
            if (cluster.path("host").asText().startsWith("httpbin.partial.")) {
                cluster.path("endpoints")
                        .forEach(endpoint -> modes.add(endpoint.path("tls").asText()));
            }
        }
        return modes;
    }

    private Probe direct(String address) {
        return Probe.of(mesh, "sleep.legacy/app", "http://" + address + ":8000/headers");
    }

    private List<SteadyTraffic> meshedTraffic(String to) {
        var request = mesh.asApp(
                "sleep.full", "http://httpbin." + to + ":8000/headers", TransitionScenarioIT::isAnsweredByServer);
        return List.of(
                SteadyTraffic.start(request, Connections.KEEP_ALIVE, 2, PAUSE),
                SteadyTraffic.start(request, Connections.NEW, 2, PAUSE));
    }

    private static boolean isAnsweredByServer(HttpAnswer answer) {
        return answer.status() == 200 && answer.body().contains("headers");
    }

    private static void assertNoneFailed(List<SteadyTraffic> traffic) throws InterruptedException {
        for (var clients : traffic) {
            var tally = clients.stop();
            assertThat(tally.failures()).isEmpty();
            assertThat(tally.good()).isGreaterThan(100);
        }
    }

    private void awaitCondition(String... words) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(mesh.kubectl("get", "policy", "httpbin", "-n", "full", "-o", "yaml")
                                .orFail())
                        .contains(words));
    }

    private Probe probe(String from) {
        return Probe.between(mesh, from, "full");
    }
}
