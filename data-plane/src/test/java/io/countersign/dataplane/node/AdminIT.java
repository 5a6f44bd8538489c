package io.countersign.dataplane.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.EmbeddedBroker;
import io.countersign.dataplane.Curl;
import io.countersign.mesh.config.PortMode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What people on the same machine see of a node and can do to it.
class AdminIT {
    private static final int NOBODY = 65_534;

    @TempDir
    private Path folder;

    private EmbeddedBroker broker;
    private TestNode node;

    @BeforeEach
    void startBroker() throws Exception {
        broker = EmbeddedBroker.start(BrokerSettings.open(folder.resolve("kafka")));
        node = new TestNode(folder);
        TestNode.publish(broker.administratorProperties(), PortMode.STRICT);
    }

    @AfterEach
    void stop() throws Exception {
        node.end();
        broker.close();
    }

    @Test
    void showsWhatTheNodeIsAndCounts() throws Exception {
        // Given
        start();
        assertThat(node.mutualTls().code()).isEqualTo("200");

        // When, Then
        assertThat(node.admin("/certs").output())
                .containsPattern("\"cert_chain\" : \"Certificate Path: .*/certs/cert-chain.pem, Serial Number: "
                        + "[0-9a-f]+, Days until Expiration: [0-9]+\"")
                .contains(TestNode.IDENTITY.toString());
        assertThat(node.admin("/certs?format=json").output())
                .containsPattern("\"days_until_expiration\" : \"[0-9]+\"")
                .contains("\"uri\" : \"" + TestNode.IDENTITY + "\"");
        assertThat(node.admin("/stats?filter=ssl.handshake").output()).contains("listener.ssl.handshake: ");
        assertThat(Curl.run("http://127.0.0.1:" + node.metrics + "/stats/prometheus")
                        .output())
                .contains("countersign_certificate_expiry_seconds{spiffe_id=\"" + TestNode.IDENTITY + "\"}")
                .containsPattern("countersign_config_position [1-9]");
        assertThat(node.admin("/server_info").output()).contains("\"state\" : \"LIVE\"");
        assertThat(node.admin("/help").output()).contains("/quitquitquit POST: drain, and end the process\n");
    }

    @Test
    void takesCommandsByPostOnly() throws Exception {
        // Given
        start();

        // When, Then
        for (var command : List.of("/healthcheck/fail", "/healthcheck/ok", "/drain_listeners", "/quitquitquit")) {
            assertThat(node.admin(command).code()).isEqualTo("405");
        }
        assertThat(node.admin("-X", "POST", "/certs").code()).isEqualTo("405");
        assertThat(node.readiness()).isEqualTo("200");
    }

    @Test
    void takesNothingThatAPageInABrowserAsks() throws Exception {
        // Given
        start();

        // When, Then: a name of its own that leads here, and a form that it sends
        assertThat(node.admin("-H", "Host: page.example", "/config_dump").code())
                .isEqualTo("403");
        assertThat(node.admin("-H", "Origin: http://page.example", "-X", "POST", "/healthcheck/fail")
                        .code())
                .isEqualTo("403");
        assertThat(node.admin("-H", "Origin: null", "-X", "POST", "/healthcheck/fail")
                        .code())
                .isEqualTo("403");
        assertThat(node.readiness()).isEqualTo("200");
        assertThat(node.admin("-H", "Host: localhost:8001", "/ready").code()).isEqualTo("200");
    }

    @Test
    void takesNoCommandThatComesByTheNodeItself() throws Exception {
        // Given
        start();
        var command = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.admin + "/healthcheck/fail"))
                .POST(BodyPublishers.noBody());

        // When: this JVM is the node's, too
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(command.build(), BodyHandlers.discarding());

            // Then
            assertThat(answer.statusCode()).isEqualTo(403);
        }
        assertThat(node.readiness()).isEqualTo("200");
    }

    @Test
    void takesNoCommandOfAnotherUser() throws Exception {
        // Given
        assertThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("our own user (root alone may become another)")
                .isEqualTo(0);
        start();
        var address = "http://127.0.0.1:" + node.admin;

        // When
        var command = Curl.runAs(NOBODY, "-X", "POST", address + "/healthcheck/fail");
        var page = Curl.runAs(NOBODY, address + "/ready");

        // Then
        assertThat(command.code()).isEqualTo("403");
        assertThat(page.code()).isEqualTo("200");
        assertThat(node.readiness()).isEqualTo("200");
    }

    @Test
    void isNotReadyWhileItsHealthIsSaidToFail() throws Exception {
        // Given
        start();

        // When
        node.admin("-X", "POST", "/healthcheck/fail");
        var failed = node.readiness();
        node.admin("-X", "POST", "/healthcheck/ok");

        // Then
        assertThat(failed).isEqualTo("503");
        assertThat(node.readiness()).isEqualTo("200");
    }

    @Test
    void setsTheLevelsOfLoggers() throws Exception {
        // Given
        start();

        // When
        var answer = node.admin("-X", "POST", "/logging?io.countersign.nothing=debug");

        // Then
        assertThat(answer.output()).contains("io.countersign.nothing: DEBUG\n");
        assertThat(node.admin("/logging").output()).contains("io.countersign.nothing: DEBUG\n");
        assertThat(node.admin("-X", "POST", "/logging?a=loud").code()).isEqualTo("400");
    }

    @Test
    void acceptsNoMoreOnceItsListenersDrain() throws Exception {
        // Given
        start();

        // When
        node.admin("-X", "POST", "/drain_listeners");

        // Then
        Awaitility.await().until(() -> node.plaintext().output().contains("Failed to connect"));
        assertThat(node.readiness()).isEqualTo("503");
        assertThat(node.node.get().quitRequested().toCompletableFuture()).isNotDone();
    }

    @Test
    void asksToEndWhenItIsToldTo() throws Exception {
        // Given
        start();

        // When
        node.admin("-X", "POST", "/quitquitquit");

        // Then
        assertThat(node.node.get().quitRequested())
                .succeedsWithin(30, TimeUnit.SECONDS)
                .isEqualTo("told to quit");
    }

    @Test
    void asksToEndWithItsWorkload() throws Exception {
        // Given
        var workload = new ProcessBuilder("sleep", "60").start();
        node.endsWithPid = Optional.of(workload.pid());
        start();

        // When
        workload.destroy();

        // Then
        Awaitility.await()
                .until(() ->
                        node.node.get().quitRequested().toCompletableFuture().isDone());
    }

    private void start() throws Exception {
        node.start(broker.administratorProperties());
        node.node.get();
    }
}
