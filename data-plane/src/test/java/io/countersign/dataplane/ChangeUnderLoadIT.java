package io.countersign.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.tls.SwapOutcome;
import io.countersign.mesh.config.PortMode;
import io.countersign.testing.TestAuthority;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients of every protocol notice while something changes: nothing.
class ChangeUnderLoadIT {
    /// What a service says of a port that takes what comes.
    private static final String ANY_PROTOCOL = "";

    private static final int RELOADS = 100;
    private static final List<PortMode> WAY = List.of(
            PortMode.OPEN, PortMode.PERMISSIVE, PortMode.STRICT, PortMode.PERMISSIVE, PortMode.OPEN, PortMode.DISABLE);

    private final AnyApp app = new AnyApp();
    private final TestSidecars sidecars = new TestSidecars(app.port());
    private final Vertx vertx = Vertx.vertx();
    private final HttpClientAgent http2 = vertx.createHttpClient(
            new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        sidecars.close();
        app.close();
    }

    @Test
    void losesNoRequestOverAHundredCertificates() throws InterruptedException {
        // Given
        sidecars.set(PortMode.STRICT, ANY_PROTOCOL);
        var load = SteadyLoad.start(sidecars, http2, SteadyLoad.ALL);
        load.awaitAnswers(100);

        // When
        var outcomes = new ArrayList<SwapOutcome>();
        for (var i = 0; i < RELOADS; i++) {
            outcomes.add(i % 2 == 0 ? sidecars.renewServer() : sidecars.renewClient());
            load.awaitAnswers(20);
        }
        var failures = load.stop();

        // Then
        assertThat(failures).isEmpty();
        assertThat(outcomes).hasSize(RELOADS).allMatch(SwapOutcome.Applied.class::isInstance);
        assertThat(load.answers().values()).hasSize(3).allMatch(count -> count >= 20 * RELOADS);
    }

    @Test
    void losesNoRequestWhileARootIsAddedUsedAndTheOldOneDropped() throws InterruptedException {
        // Given
        sidecars.set(PortMode.STRICT, ANY_PROTOCOL);
        var load = SteadyLoad.start(sidecars, http2, SteadyLoad.SOME);
        load.awaitAnswers(100);
        var old = sidecars.authority;
        var next = TestAuthority.seeded(9);

        // When
        var outcomes = new ArrayList<SwapOutcome>();
        outcomes.addAll(sidecars.give(2, old, old, next));
        load.awaitAnswers(100);
        outcomes.addAll(sidecars.give(3, next, old, next));
        load.awaitNewConnections();
        load.awaitAnswers(100);
        outcomes.addAll(sidecars.give(4, next, next));
        load.awaitAnswers(100);
        var failures = load.stop();

        // Then
        assertThat(failures).isEmpty();
        assertThat(outcomes).hasSize(6).allMatch(SwapOutcome.Applied.class::isInstance);
        assertThat(load.answers().values()).hasSize(3).allMatch(count -> count >= 400);
    }

    /// One way, as the transition planner goes it, and back; client and server learn of a step in either order.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void losesNoRequestOnTheWayFromDisableToStrictAndBack(boolean serverFirst) throws InterruptedException {
        // Given
        sidecars.set(PortMode.DISABLE, ANY_PROTOCOL);
        var load = SteadyLoad.start(sidecars, http2, SteadyLoad.SOME);
        load.awaitAnswers(100);

        // When
        for (var step : WAY) {
            if (serverFirst) {
                sidecars.mode = step;
                load.awaitAnswers(50);
                sidecars.offer(step);
            } else {
                sidecars.offer(step);
                load.awaitAnswers(50);
                sidecars.mode = step;
            }
            load.awaitAnswers(50);
            load.awaitNewConnections();
        }
        var failures = load.stop();

        // Then
        assertThat(failures).isEmpty();
        assertThat(load.answers().values()).hasSize(3).allMatch(count -> count >= 100 * WAY.size());
    }

    @Test
    void aNewCertificateIsShownToNewConnectionsAtOnce() {
        // Given
        var before = hashShown();

        // When
        sidecars.renewClient();
        var after = hashShown();

        // Then
        assertThat(after).isNotEqualTo(before).contains("Hash=");
    }

    @Test
    void drainsPlaintextConnectionsThatStrictDoesNotAllowAnyMore() throws IOException {
        // Given a request that the application has begun to take
        try (var client = new RawClient(sidecars.inboundPort())) {
            client.send("PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");

            // When
            sidecars.mode = PortMode.STRICT;
            client.send("x");
            var last = client.readAll();

            // Then
            assertThat(last).startsWith("HTTP/1.1 200 ").containsIgnoringCase("connection: close");
        }
    }

    @Test
    void drainFinishesWhatIsInProgressAndClosesTheRest() throws Exception {
        // Given
        try (var idle = new RawClient(sidecars.inboundPort());
                var busy = new RawClient(sidecars.inboundPort())) {
            idle.send("GET /headers HTTP/1.1\r\nHost: a\r\n\r\n");
            idle.readResponse();
            busy.send("PUT /sum HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
            Awaitility.await().until(() -> sidecars.serverRelay.connections().join() == 2);

            // When
            sidecars.serverRelay.drain();
            var idleEnd = idle.readAll();
            busy.send("hello");
            var answer = busy.readAll();

            // Then
            assertThat(idleEnd).isEmpty();
            assertThat(answer).startsWith("HTTP/1.1 200 ").containsIgnoringCase("connection: close");
            Awaitility.await().until(() -> sidecars.serverRelay.connections().join() == 0);
        }
    }

    private String hashShown() {
        var answer = RawClient.exchange(
                sidecars.outboundPort(),
                "GET http://httpbin.full:8000/headers HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        var at = answer.indexOf("Hash=");
        return at < 0 ? answer : answer.substring(at, answer.indexOf(';', at));
    }
}
