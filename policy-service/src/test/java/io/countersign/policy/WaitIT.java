package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.mesh.distribution.DistributionStatus.Verdict;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.watch.WatchHub;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `kubectl wait` and `kubectl get --watch`.
@QuarkusTest
@QuarkusTestResource(PolicyEnvironment.class)
class WaitIT {
    @TestHTTPResource(value = "/", tls = true)
    URI server;

    @Inject
    WatchHub watches;

    private Kubectl kubectl;

    @BeforeEach
    void connect() {
        kubectl = Kubectl.of(server.getPort(), PolicyEnvironment.ADMIN_TOKEN);
    }

    @Test
    void returnsWhenTheGenerationIsDistributed() throws IOException, InterruptedException {
        // Given
        var key = given("awaited");
        var waiting = kubectl.start(
                "wait", "--for=condition=Distributed", "policy/default", "-n", "awaited", "--timeout=60s");
        // When
        DistributionWriter.say(key, uid("awaited"), 1, Verdict.TRUE);
        // Then
        assertThat(waiting.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(waiting.exitValue()).isZero();
        assertThat(kubectl.run("get", "policy", "-n", "awaited", "-o", "wide").output())
                .contains("True");
    }

    @Test
    void doesNotReturnOnAnOlderGeneration() throws IOException, InterruptedException {
        // Given
        var key = given("older");
        var last = given("last");
        DistributionWriter.say(key, uid("older"), 1, Verdict.TRUE);
        await().untilAsserted(() -> assertThat(condition("older")).isEqualTo("True"));
        kubectl.apply(Manifests.policy("older", "PERMISSIVE"));
        var waiting =
                kubectl.start("wait", "--for=condition=Distributed", "policy/default", "-n", "older", "--timeout=60s");
        // When
        DistributionWriter.say(key, uid("older"), 1, Verdict.TRUE);
        DistributionWriter.say(key, "of-another-life", 2, Verdict.TRUE);
        // What is said later is heard later.
        DistributionWriter.say(last, uid("last"), 1, Verdict.TRUE);
        await().untilAsserted(() -> assertThat(condition("last")).isEqualTo("True"));
        // Then
        assertThat(condition("older")).isEqualTo("Unknown");
        assertThat(waiting.isAlive()).isTrue();
        // When
        DistributionWriter.say(key, uid("older"), 2, Verdict.TRUE);
        // Then
        assertThat(waiting.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(waiting.exitValue()).isZero();
    }

    @Test
    void returnsWhenTheObjectIsGone() throws IOException, InterruptedException {
        // Given
        given("vanishing");
        var waiting = kubectl.start("wait", "--for=delete", "policy/default", "-n", "vanishing", "--timeout=60s");
        // When
        kubectl.run("delete", "policy", "default", "-n", "vanishing");
        // Then
        assertThat(waiting.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(waiting.exitValue()).isZero();
    }

    @Test
    void watchesChangesAsTheyHappen() throws IOException {
        // Given
        given("watched");
        var watching =
                kubectl.start("get", "policy", "-n", "watched", "--watch", "--output-watch-events", "--no-headers");
        try (var lines = new BufferedReader(new InputStreamReader(watching.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).contains("ADDED");
            // When
            kubectl.apply(Manifests.policy("watched", "PERMISSIVE"));
            // Then
            assertThat(lines.readLine()).contains("MODIFIED");
            // When
            kubectl.run("delete", "policy", "default", "-n", "watched");
            // Then
            assertThat(lines.readLine()).contains("DELETED");
        } finally {
            watching.destroy();
        }
    }

    /// What a client that has gone leaves behind would else pile up until nobody could watch.
    @Test
    void endsAWatchWhoseClientHasGone() throws IOException {
        // Given
        given("abandoned");
        var watching = kubectl.start("get", "policy", "-n", "abandoned", "--watch");
        await().untilAsserted(() -> assertThat(watches.open()).isPositive());
        // When
        watching.destroyForcibly();
        // Then
        await().untilAsserted(() -> assertThat(watches.open()).isZero());
    }

    private ResourceKey given(String namespace) {
        kubectl.run("create", "ns", namespace);
        kubectl.apply(Manifests.policy(namespace, "STRICT"));
        return ResourceKey.of(ResourceType.POLICY, namespace, "default");
    }

    private String uid(String namespace) {
        return kubectl.run("get", "policy", "default", "-n", namespace, "-o", "jsonpath={.metadata.uid}")
                .output();
    }

    private String condition(String namespace) {
        return kubectl.run(
                        "get",
                        "policy",
                        "default",
                        "-n",
                        namespace,
                        "-o",
                        "jsonpath={.status.conditions[?(@.type==\"Distributed\")].status}")
                .output();
    }
}
