package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.integration.mesh.HttpbinPolicy;
import io.countersign.integration.mesh.RunningMesh;
import io.countersign.integration.mesh.SecondDistributor;
import io.countersign.integration.traffic.SteadyTraffic;
import io.countersign.integration.traffic.SteadyTraffic.Connections;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Two config-distributors: one publishes, the other takes over when it is killed.
@ExtendWith(SampleMesh.class)
class TwoDistributorsScenarioIT {
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final String PUBLISHES = "publishes";
    private static final String STANDS_BY = "stands by";

    private final RunningMesh mesh;

    TwoDistributorsScenarioIT(RunningMesh mesh) {
        this.mesh = mesh;
    }

    @AfterEach
    void withoutPolicy() {
        HttpbinPolicy.delete(mesh);
    }

    @Test
    void theSecondTakesOverWhenTheFirstIsKilledAndNothingIsLost() throws Exception {
        try (var second = SecondDistributor.start(mesh)) {
            // Given
            await(second::role, STANDS_BY);
            assertThat(SecondDistributor.roleOfFirst(mesh)).isEqualTo(PUBLISHES);
            HttpbinPolicy.PERMISSIVE.putInForce(mesh);
            var request = mesh.asApp(
                    "sleep.full",
                    "http://httpbin.full:8000/headers",
                    answer -> answer.status() == 200 && Probe.identifiesClient(answer.body()));
            var traffic = List.of(
                    SteadyTraffic.start(request, Connections.KEEP_ALIVE, 2, PAUSE),
                    SteadyTraffic.start(request, Connections.NEW, 2, PAUSE));

            // When
            mesh.stop("config-distributor", true);
            HttpbinPolicy.STRICT.apply(mesh);

            // Then
            await(second::role, PUBLISHES);
            HttpbinPolicy.awaitInForce(mesh);
            assertThat(Probe.between(mesh, "legacy", "full")).isEqualTo(Probe.RESET);

            // When
            mesh.start("config-distributor");

            // Then
            await(() -> SecondDistributor.roleOfFirst(mesh), STANDS_BY);
            HttpbinPolicy.PERMISSIVE.putInForce(mesh);
            assertThat(second.role()).isEqualTo(PUBLISHES);
            for (var clients : traffic) {
                var tally = clients.stop();
                assertThat(tally.failures()).isEmpty();
                assertThat(tally.good()).isGreaterThan(100);
            }
        }
        // One that ends in order leaves its role at once.
        await(() -> SecondDistributor.roleOfFirst(mesh), PUBLISHES);
        HttpbinPolicy.STRICT.putInForce(mesh);
    }

    private static void await(Callable<String> role, String expected) {
        Awaitility.await().untilAsserted(() -> assertThat(role.call()).isEqualTo(expected));
    }
}
