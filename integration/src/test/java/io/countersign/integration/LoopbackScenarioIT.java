package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.mesh.Command;
import io.countersign.integration.mesh.HttpbinPolicy;
import io.countersign.integration.mesh.RunningMesh;
import io.countersign.integration.traffic.HttpAnswer;
import io.countersign.integration.traffic.SteadyTraffic;
import io.countersign.integration.traffic.SteadyTraffic.Connections;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The mesh without pods: applications that use their sidecar as an HTTP proxy, on loopback addresses.
@ExtendWith(SampleMesh.class)
class LoopbackScenarioIT {
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final RunningMesh mesh;

    LoopbackScenarioIT(RunningMesh mesh) {
        this.mesh = mesh;
    }

    @AfterEach
    void withoutPolicy() {
        HttpbinPolicy.delete(mesh);
    }

    @Test
    void permissiveLetsEveryoneIn() {
        // Given
        HttpbinPolicy.PERMISSIVE.putInForce(mesh);

        // Then
        assertThat(probe("full", "full")).isEqualTo(Probe.MUTUAL_TLS);
        assertThat(probe("full", "partial")).returns("200", Probe::code);
        assertThat(probe("full", "legacy")).isEqualTo(Probe.PLAINTEXT);
        for (var to : List.of("full", "partial", "legacy")) {
            assertThat(probe("legacy", to)).isEqualTo(Probe.PLAINTEXT);
        }
    }

    @Test
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
    void strictLetsOnlyMeshedClientsIn() {
        // When
        HttpbinPolicy.STRICT.putInForce(mesh);

        // Then
        assertThat(probe("full", "full")).isEqualTo(Probe.MUTUAL_TLS);
        assertThat(probe("legacy", "full")).isEqualTo(Probe.RESET);
    }

    @Test
    void nodesSayHowFarTheyAreAndWhatTheyHaveLoaded() {
        // Given
        HttpbinPolicy.STRICT.putInForce(mesh);

        // When, Then: a node is waited for a few seconds only
        Awaitility.await().untilAsserted(() -> {
            var table = TlsCheckTable.of(mesh, "sleep.full", "httpbin.full.svc.cluster.local", "--actual");
            assertThat(table.header()).endsWith("ACTUAL SERVER", "ACTUAL CLIENT", "AGREES");
            assertThat(table.rows())
                    .singleElement()
                    .satisfies(row -> assertThat(row).endsWith("STRICT", "AUTO", "yes"));
        });
        assertThat(mesh.csign("proxy-status").orFail()).contains("sleep.full", "httpbin.full", "full/sleep");
        assertThat(loaded("listeners", "httpbin.full")).contains(":8000", "STRICT");
        assertThat(loaded("clusters", "sleep.full")).contains("httpbin.full.svc.cluster.local:8000", "MUTUAL_TLS");
        assertThat(loaded("secrets", "sleep.full"))
                .contains("spiffe://cluster.local/ns/full/sa/sleep")
                .doesNotContain("PRIVATE");
    }

    private String loaded(String part, String node) {
        return Awaitility.await()
                .until(() -> mesh.csign("proxy-config", part, node), said -> said.exitCode() == 0)
                .output();
    }

    @Test
    void aCommandEndsWithItsOwnCode() {
        // When
        var ended = mesh.exec("sleep.full/app", "sh", "-c", "exit 7");

        // Then
        assertThat(ended.exitCode()).isEqualTo(7);
        assertThat(ended.errors()).isEqualTo("command terminated with exit code 7\n");
    }

    @Test
    void aWorkloadIsAddressedByItsOwnNameToo() {
        // Given
        HttpbinPolicy.PERMISSIVE.putInForce(mesh);

        // Then
        assertThat(Probe.of(mesh, "sleep.full/app", "http://httpbin-nosidecar.partial:8000/headers"))
                .isEqualTo(Probe.PLAINTEXT);
        assertThat(Probe.of(mesh, "sleep.full/proxy", "http://httpbin.full.svc.cluster.local:8000/headers"))
                .isEqualTo(Probe.PLAINTEXT);
    }

    @Test
    void aPartThatEndsByItselfIsStartedAgain() {
        // Given
        HttpbinPolicy.PERMISSIVE.putInForce(mesh);

        // When
        mesh.crash("httpbin.full");
        mesh.crash("httpbin.full-proxy");

        // Then
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(probe("full", "full")).isEqualTo(Probe.MUTUAL_TLS));
        mesh.start("httpbin.full");
        assertThat(probe("full", "full")).as("it runs already").isEqualTo(Probe.MUTUAL_TLS);
    }

    @Test
    void thousandsOfUnfinishedHeadsHarmNobody() throws Exception {
        // Given
        HttpbinPolicy.PERMISSIVE.putInForce(mesh);
        var address = mesh.direct("httpbin.full", "/", _ -> true).peer();
        var begun = ByteBuffer.allocate(60_000);
        begun.put("GET / HTTP/1.1\r\nHost: a\r\nX: ".getBytes(StandardCharsets.US_ASCII));
        var others = List.of(meshed(Connections.KEEP_ALIVE), meshed(Connections.NEW));
        var strangers = new ArrayList<SocketChannel>();

        // When
        for (int i = 0; i < 3_000; i++) {
            var stranger = SocketChannel.open(address);
            strangers.add(stranger);
            stranger.configureBlocking(false);
            stranger.write(begun.rewind());
        }
        Awaitility.await()
                .until(() -> mesh.admin("httpbin.full", "/stats?filter=shed").contains("memory"));

        // Then
        for (var each : others) {
            var tally = each.stop();
            assertThat(tally.failures()).isEmpty();
            assertThat(tally.good()).isGreaterThan(30);
        }
        for (var stranger : strangers) {
            stranger.close();
        }
    }

    @Test
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
                mesh.asApp(
                        "sleep.full", "http://httpbin.full:8000/headers", LoopbackScenarioIT::isMutuallyAuthenticated),
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
