package io.countersign.distributor;

import static io.countersign.distributor.MeshRecords.ENTRY;
import static io.countersign.distributor.MeshRecords.NODE;
import static io.countersign.distributor.MeshRecords.SERVICE;
import static io.countersign.distributor.MeshRecords.WORKLOAD;
import static io.countersign.distributor.MeshRecords.deleted;
import static io.countersign.distributor.MeshRecords.report;
import static io.countersign.distributor.MeshRecords.reported;
import static io.countersign.distributor.MeshRecords.trust;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.mesh.config.ProxyPresence;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RestrictedBus.class)
class ServiceIT {
    private final MeshRecords records = new MeshRecords();

    @TestHTTPResource(management = true)
    URI management;

    @Inject
    Vertx vertx;

    @Test
    void isReadyOnceTheMeshIsDefinedAndPublishesWithItsOwnRights() {
        try (var bus = new TestBus(RestrictedBus.administrator())) {
            // Given
            bus.write(trust(), records.service(), records.workload());
            await().untilAsserted(() -> {
                assertThat(get("/q/health/ready").statusCode()).isEqualTo(503);
                assertThat(get("/q/health/ready").body()).contains("countersign.resources has no readable record mesh");
            });
            assertThat(get("/q/health/live").statusCode()).isEqualTo(200);

            // When
            bus.write(records.mesh());

            // Then
            await().untilAsserted(() ->
                    assertThat(get("/q/health/ready").statusCode()).isEqualTo(200));
            await().untilAsserted(() -> assertThat(bus.configWrites())
                    .containsExactlyInAnyOrder(WORKLOAD.toString(), SERVICE.toString(), "mesh/settings"));
            assertThat(get("/q/metrics").body()).contains("countersign_distributor_step_duration_seconds_count");

            // When
            bus.write(reported(report(bus.position().topicId(), 0)));

            // Then
            await().untilAsserted(() ->
                    assertThat(bus.workload(WORKLOAD).orElseThrow().proxy()).isEqualTo(ProxyPresence.PRESENT));

            // When
            bus.write(deleted(ENTRY));

            // Then
            await().untilAsserted(() -> assertThat(bus.isForgotten(NODE)).isTrue());
            assertThat(get("/q/health/ready").statusCode()).isEqualTo(200);
        }
    }

    /// What is found on the class path is found as a copy, in a folder that anybody may write to.
    @Test
    void keepsNoCopiesOfItsFiles() {
        assertThat(vertx.fileSystem().existsBlocking("application.properties")).isFalse();
    }

    private HttpResponse<String> get(String path) {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(management.resolve(path)).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(path, e);
        }
    }
}
