package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.mesh.HttpbinPolicy;
import io.countersign.integration.mesh.RunningMesh;
import io.countersign.integration.traffic.SteadyTraffic;
import io.countersign.integration.traffic.SteadyTraffic.Connections;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kafka is stopped or killed, and started again, under traffic.
@ExtendWith(SampleMesh.class)
class KafkaAwayScenarioIT {
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final RunningMesh mesh;

    KafkaAwayScenarioIT(RunningMesh mesh) {
        this.mesh = mesh;
    }

    @AfterEach
    void withoutPolicy() {
        HttpbinPolicy.delete(mesh);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noRequestFailsAndAChangeMadeMeanwhileArrives(boolean killed) throws Exception {
        // Given
        HttpbinPolicy.PERMISSIVE.putInForce(mesh);
        var request = mesh.asApp(
                "sleep.full",
                "http://httpbin.full:8000/headers",
                answer -> answer.status() == 200 && answer.body().contains("URI=spiffe://cluster.local/ns/full"));
        var traffic = List.of(
                SteadyTraffic.start(request, Connections.KEEP_ALIVE, 2, PAUSE),
                SteadyTraffic.start(request, Connections.NEW, 2, PAUSE));

        // When
        mesh.stop("backbone", killed);
        HttpbinPolicy.STRICT.apply(mesh);
        Thread.sleep(Duration.ofSeconds(3));
        var whileAway = mesh.exec("sleep.legacy/app", "curl", "-s", "http://httpbin.full:8000/headers");
        mesh.start("backbone");
        HttpbinPolicy.awaitInForce(mesh);

        // Then
        assertThat(whileAway.exitCode()).isZero();
        assertThat(mesh.exec("sleep.legacy/app", "curl", "-s", "http://httpbin.full:8000/headers")
                        .exitCode())
                .isEqualTo(56);
        for (var clients : traffic) {
            var tally = clients.stop();
            assertThat(tally.failures()).isEmpty();
            assertThat(tally.good()).isGreaterThan(100);
        }
    }
}
