package io.countersign.distributor;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RestrictedBus.class)
class ApiIT {
    @TestHTTPResource(value = "/", tls = true)
    URI server;

    @Test
    void answersNobodyWhomItDoesNotKnow() {
        // Given
        var stranger = new ApiCaller(server.getPort());

        // When, Then
        assertThat(stranger.get("/v1/nodes", new String[0])).satisfies(ApiIT::isUnauthenticated);
        assertThat(stranger.get("/v1/nodes", "Bearer another token")).satisfies(ApiIT::isUnauthenticated);
        assertThat(stranger.get("/v1/nodes", "Basic " + RestrictedBus.USER_TOKEN))
                .satisfies(ApiIT::isUnauthenticated);
        assertThat(stranger.get("/no/such/path", new String[0])).satisfies(ApiIT::isUnauthenticated);
    }

    @Test
    void saysThatThereIsNoSuchPath() {
        // When
        var answer = new ApiCaller(server.getPort()).get("/v1/nothing");

        // Then
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.mediaType()).startsWith("application/problem+json");
    }

    private static void isUnauthenticated(ApiCaller.Answer answer) {
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.mediaType()).startsWith("application/problem+json");
        assertThat(answer.body().path("type").asText()).isEqualTo("unauthenticated");
    }
}
