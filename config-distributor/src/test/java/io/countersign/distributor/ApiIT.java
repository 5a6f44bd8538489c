package io.countersign.distributor;

import static io.countersign.distributor.MeshRecords.NODE;
import static io.countersign.distributor.MeshRecords.observable;
import static io.countersign.distributor.MeshRecords.report;
import static io.countersign.distributor.MeshRecords.reported;
import static io.countersign.distributor.MeshRecords.trust;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.resource.MtlsMode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = RestrictedBus.class, restrictToAnnotatedClass = true)
class ApiIT {
    private static final String HOST = "httpbin.full.svc.cluster.local";
    private static final Map<String, String> PAGES = Map.of(
            "/listeners",
            "{\"listeners\":[{\"direction\":\"INBOUND\",\"port\":8000,\"mode\":\"STRICT\"}]}",
            "/clusters",
            "{\"clusters\":[{\"host\":\"" + HOST + "\",\"port\":8000,\"mode\":\"AUTO\",\"endpoints\":"
                    + "[{\"address\":\"127.20.1.2:8000\",\"workload\":\"full/httpbin\"}]}]}");

    /// Of all tests, so that the sequence goes on.
    private static final MeshRecords RECORDS = new MeshRecords();

    @TestHTTPResource(value = "/", tls = true)
    URI server;

    @Test
    void answersNobodyWhomItDoesNotKnow() {
        // Given
        var stranger = api();

        // When, Then
        assertThat(stranger.get("/v1/nodes", new String[0])).satisfies(ApiIT::isUnauthenticated);
        assertThat(stranger.get("/v1/nodes", "Bearer another token")).satisfies(ApiIT::isUnauthenticated);
        assertThat(stranger.get("/v1/nodes", "Basic " + RestrictedBus.USER_TOKEN))
                .satisfies(ApiIT::isUnauthenticated);
        assertThat(stranger.get("/no/such/path", new String[0])).satisfies(ApiIT::isUnauthenticated);
    }

    @Test
    void saysWhatIsWrongWithAQuestion() {
        try (var bus = mesh()) {
            assertThat(bus.position().offset()).isPositive();
            assertThat(problem("/v1/nothing", 404)).isEmpty();
            assertThat(problem("/v1/nodes/Nobody/listeners", 404))
                    .isEqualTo("node: Nobody (expected: one of /v1/nodes)");
            assertThat(problem("/v1/tls-checks", 400)).isEqualTo("tls-check requires pod name");
            assertThat(problem("/v1/tls-checks?workload=full", 400))
                    .isEqualTo("workload: full (expected: namespace/name)");
            assertThat(problem("/v1/tls-checks?workload=full/nobody", 404)).startsWith("workload: nobody in full");
            assertThat(problem("/v1/tls-checks?workload=full/httpbin&service=nothing.full", 404))
                    .startsWith("service: nothing.full");
        }
    }

    @Test
    void tellsHowFarNodesAreAndWhatTheySayThemselves() throws IOException, GeneralSecurityException {
        var identity = report("", 0).identity();
        try (var bus = mesh();
                var node = FakeNode.start(identity, PAGES);
                var impostor = FakeNode.start(SpiffeId.parse("spiffe://cluster.local/ns/full/sa/other"), PAGES)) {
            // Given
            var position = bus.position();

            // When
            bus.write(reported(observable(report(position.topicId(), position.offset() - 1), node.address())));

            // Then
            await().untilAsserted(() -> {
                var told = api().get("/v1/nodes").body().at("/nodes/0");
                assertThat(told.path("node").asText()).isEqualTo(NODE.value());
                assertThat(told.path("identity").asText()).isEqualTo(identity.toString());
                assertThat(told.at("/workloads/0").asText()).isEqualTo("full/httpbin");
                assertThat(told.path("position").asLong()).isEqualTo(position.offset() - 1);
                assertThat(told.path("behind").asLong()).isPositive();
                assertThat(told.path("silent").asBoolean(true)).isFalse();
                assertThat(told.path("certificateExpiry").asText()).startsWith("20");
            });
            // The service waits no longer than a few seconds for a node.
            await().untilAsserted(() -> assertThat(api().get("/v1/nodes/httpbin.full/listeners")
                            .body()
                            .at("/listeners/0/mode")
                            .asText())
                    .isEqualTo("STRICT"));
            await().untilAsserted(() ->
                    assertThat(problem("/v1/nodes/httpbin.full/secrets", 502)).contains("answered 404"));
            await().untilAsserted(() -> assertThat(
                            checked("actual=true").at("/rows/0/actual").toString())
                    .isEqualTo("{\"agrees\":false,\"client\":\"AUTO\",\"server\":\"STRICT\"}"));

            // When
            bus.write(reported(observable(report(position.topicId(), position.offset()), impostor.address())));

            // Then
            await().untilAsserted(() -> assertThat(problem("/v1/nodes/httpbin.full/listeners", 502))
                    .contains("not reached", "peer is spiffe://cluster.local/ns/full/sa/other"));
        }
    }

    @Test
    void explainsWhatClientsAndServicesMakeOfEachOther() {
        try (var bus = mesh()) {
            // When
            bus.write(RECORDS.policy(1, MtlsMode.STRICT));

            // Then
            await().untilAsserted(() -> {
                var row = checked("").at("/rows/0");
                assertThat(row.path("host").asText()).isEqualTo(HOST);
                assertThat(row.path("port").asInt()).isEqualTo(8000);
                assertThat(row.path("status").asText()).isEqualTo("OK");
                assertThat(row.path("server").asText()).isEqualTo("STRICT");
                assertThat(row.path("automatic").asBoolean()).isTrue();
                assertThat(row.path("authenticationPolicy").toString())
                        .isEqualTo("{\"kind\":\"Policy\",\"name\":\"default\",\"namespace\":\"full\"}");
                assertThat(row.path("destinationRule").isNull()).isTrue();
                assertThat(row.path("actual").isNull()).isTrue();
                assertThat(row.path("why")).isNotEmpty();
            });
            assertThat(api().get("/v1/analysis").body().path("findings").isArray())
                    .isTrue();
        }
    }

    /// A mesh of one workload, published to its end.
    private TestBus mesh() {
        var bus = new TestBus(RestrictedBus.administrator());
        bus.write(trust(), RECORDS.mesh(), RECORDS.service(), RECORDS.workload());
        await().untilAsserted(() ->
                assertThat(checked("").at("/rows/0/host").asText()).isEqualTo(HOST));
        await().untilAsserted(() -> assertThat(bus.configWrites()).contains("service/full/httpbin"));
        return bus;
    }

    private JsonNode checked(String query) {
        return api().get("/v1/tls-checks?workload=full/httpbin&" + query).body();
    }

    private ApiCaller api() {
        return new ApiCaller(server.getPort());
    }

    /// The detail of the problem.
    private String problem(String path, int status) {
        var answer = api().get(path);
        assertThat(answer.status()).as(path).isEqualTo(status);
        assertThat(answer.mediaType()).startsWith("application/problem+json");
        return answer.body().path("detail").asText();
    }

    private static void isUnauthenticated(ApiCaller.Answer answer) {
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.mediaType()).startsWith("application/problem+json");
        assertThat(answer.body().path("type").asText()).isEqualTo("unauthenticated");
    }
}
