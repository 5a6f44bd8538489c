package io.countersign.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.tls.SwapOutcome;
import io.countersign.mesh.config.PortMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients notice while something changes: nothing.
class ChangeUnderLoadIT {
    private static final int SWAPS = 50;
    private static final List<PortMode> WAY = List.of(
            PortMode.PERMISSIVE,
            PortMode.OPEN,
            PortMode.DISABLE,
            PortMode.OPEN,
            PortMode.PERMISSIVE,
            PortMode.STRICT,
            PortMode.PERMISSIVE);

    private final EchoApp app = EchoApp.start();
    private final TestSidecars sidecars = new TestSidecars(app.port());

    @AfterEach
    void stop() {
        sidecars.close();
        app.close();
    }

    @Test
    void losesNoRequestWhileCertificatesAreSwapped() throws InterruptedException {
        // Given
        sidecars.mode = PortMode.STRICT;
        var load = SteadyLoad.start(sidecars.outboundPort());
        awaitAnswers(load, 100);

        // When
        var outcomes = new ArrayList<SwapOutcome>();
        for (var i = 0; i < SWAPS; i++) {
            outcomes.add(sidecars.renewServer());
            outcomes.add(sidecars.renewClient());
            awaitAnswers(load, 10);
        }
        var failures = load.stop();

        // Then
        assertThat(outcomes).hasSize(2 * SWAPS).allMatch(SwapOutcome.Applied.class::isInstance);
        assertThat(failures).isEmpty();
        assertThat(sidecars.serverTls.current().orElseThrow().generation()).isEqualTo(SWAPS + 1);
    }

    /// One way, as the transition planner goes it, and back; client and server learn of a step in either order.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void losesNoRequestOnTheWayFromStrictToDisableAndBack(boolean serverFirst) throws InterruptedException {
        // Given
        sidecars.mode = PortMode.STRICT;
        sidecars.offer(PortMode.STRICT);
        var load = SteadyLoad.start(sidecars.outboundPort());
        awaitAnswers(load, 100);

        // When
        for (var step : WAY) {
            if (serverFirst) {
                sidecars.mode = step;
                awaitAnswers(load, 50);
                sidecars.offer(step);
            } else {
                sidecars.offer(step);
                awaitAnswers(load, 50);
                sidecars.mode = step;
            }
            awaitAnswers(load, 50);
        }
        var failures = load.stop();

        // Then
        assertThat(failures).isEmpty();
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
        // Given
        try (var client = new RawClient(sidecars.inboundPort())) {
            client.send("GET /headers HTTP/1.1\r\nHost: a\r\n\r\n");
            client.readResponse();

            // When
            sidecars.mode = PortMode.STRICT;
            client.send("GET /headers HTTP/1.1\r\nHost: a\r\n\r\n");
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

    private static void awaitAnswers(SteadyLoad load, int more) {
        var goal = load.answered() + more;
        Awaitility.await().until(() -> load.answered() >= goal);
    }
}
