package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.Test;

/// Who is let in, and what they may do.
@QuarkusTest
@QuarkusTestResource(PolicyEnvironment.class)
class AccessIT {
    @TestHTTPResource(value = "/", tls = true)
    URI server;

    @Test
    void refusesAnUnknownToken() {
        var stranger = Kubectl.of(server.getPort(), "no-such-token");
        assertThat(stranger.run("get", "ns").output()).contains("You must be logged in to the server");
        assertThat(stranger.run("get", "--raw", "/no/such/path").output()).contains("Unauthorized");
        assertThat(stranger.run("get", "--raw", "/openapi/v3").output()).contains("Unauthorized");
    }

    @Test
    void answersAnybodyWhetherItIsThere() {
        var stranger = Kubectl.of(server.getPort(), "no-such-token");
        assertThat(stranger.run("get", "--raw", "/livez").output()).isEqualTo("ok");
        assertThat(stranger.run("get", "--raw", "/readyz").output()).isEqualTo("ok");
    }

    @Test
    void letsAReaderReadOnly() {
        // Given
        var reader = Kubectl.of(server.getPort(), PolicyEnvironment.READER_TOKEN);
        // When
        var read = reader.run("get", "ns");
        var written = reader.run("create", "ns", "forbidden");
        var deleted = reader.run("delete", "meshpolicy", "default");
        // Then
        assertThat(read.exitCode()).isZero();
        assertThat(written.output())
                .contains("Error from server (Forbidden)")
                .contains("User \"reader\" cannot create resource \"namespaces\"");
        assertThat(deleted.output()).contains("User \"reader\" cannot delete resource \"meshpolicies\"");
        assertThat(reader.run("get", "ns", "forbidden").exitCode()).isEqualTo(1);
    }
}
