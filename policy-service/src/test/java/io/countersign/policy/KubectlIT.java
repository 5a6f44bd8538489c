package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.events.TopicCatalogue;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PolicyEnvironment.class)
class KubectlIT {
    private static final String POLICY = """
            apiVersion: authentication.istio.io/v1alpha1
            kind: Policy
            metadata: {name: default, namespace: %s}
            spec:
              peers: [{mtls: {mode: %s}}]
            """;

    @TestHTTPResource(value = "/", tls = true)
    URI server;

    private Kubectl kubectl;

    @BeforeEach
    void connect() {
        kubectl = Kubectl.of(server.getPort(), PolicyEnvironment.ADMIN_TOKEN);
    }

    @Test
    void appliesChangesAndLeavesAlone() {
        // Given
        kubectl.run("create", "ns", "journey");
        // When
        var created = kubectl.apply(POLICY.formatted("journey", "STRICT"));
        var unchanged = kubectl.apply(POLICY.formatted("journey", "STRICT"));
        var configured = kubectl.apply(POLICY.formatted("journey", "PERMISSIVE"));
        // Then
        assertThat(created.output()).isEqualTo("policy.authentication.istio.io/default created\n");
        assertThat(unchanged.output()).isEqualTo("policy.authentication.istio.io/default unchanged\n");
        assertThat(configured.output()).isEqualTo("policy.authentication.istio.io/default configured\n");
        await().untilAsserted(() -> assertThat(TopicReader.readAll(TopicCatalogue.RESOURCES.name()))
                .filteredOn(each -> each.key().equals("authentication.istio.io/Policy/journey/default"))
                .extracting(each -> new String(each.value(), StandardCharsets.UTF_8))
                .satisfiesExactly(
                        first -> assertThat(first).contains("STRICT").contains("\"generation\":1"),
                        second -> assertThat(second).contains("PERMISSIVE").contains("\"generation\":2")));
    }
}
