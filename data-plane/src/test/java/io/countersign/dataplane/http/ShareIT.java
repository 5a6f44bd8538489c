package io.countersign.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.RawClient;
import io.countersign.dataplane.ScriptedApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.relay.RelaySettings;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Connections to an application are shared among its callers: who takes all that he can get takes none from others.
class ShareIT {
    private static final String GET = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final int OTHERS = 50;
    /// As many as both event loops have together, and more.
    private static final int SLOW = 560;

    private final List<Closeable> attackers = new ArrayList<>();
    private final ScriptedApp app = ScriptedApp.start((connection, _) -> {
        for (var head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
            connection.in().readNBytes(length(head));
            connection.write(OK);
        }
    });
    private TestSidecars sidecars = new TestSidecars(app.port());

    @AfterEach
    void stop() throws IOException {
        for (var each : attackers) {
            each.close();
        }
        sidecars.close();
        app.close();
    }

    @Test
    void openStreamsOfOneIdentityLeaveConnectionsForOthers() throws Exception {
        // Given an identity with 800 requests whose bodies have begun and do not end
        openStreams(8);
        awaitSteadyConnections();

        // When
        var answers = together(() -> ask("127.0.0.1"));

        // Then
        assertThat(answers).hasSize(OTHERS).containsOnly("HTTP/1.1 200 OK");
    }

    @Test
    void oneConnectionLeavesSomeForTheOthersOfItsIdentity() throws Exception {
        // Given
        openStreams(6);
        awaitSteadyConnections();

        // When
        var answers = together(() -> {
            try (var client = RawHttp2.connect(sidecars)) {
                return client.get(1, "/a").flush().answer(1);
            }
        });

        // Then
        assertThat(answers).hasSize(OTHERS).containsOnly("status 200");
    }

    @Test
    void slowBodiesFromOneAddressLeaveConnectionsForOthers() throws Exception {
        // Given
        for (var i = 0; i < SLOW; i++) {
            slow("127.0.0.1").send(POST + "x");
        }
        awaitSteadyConnections();

        // When
        var answers = together(() -> ask("127.0.0.2"));

        // Then
        assertThat(answers).hasSize(OTHERS).containsOnly("HTTP/1.1 200 OK");
    }

    @Test
    void whoseBodyDoesNotComeHoldsNoConnection() throws Exception {
        // Given
        for (var i = 0; i < SLOW; i++) {
            slow("127.0.0.1").send(POST);
        }

        // When
        var answers = together(() -> ask("127.0.0.1"));

        // Then
        assertThat(answers).hasSize(OTHERS).containsOnly("HTTP/1.1 200 OK");
        assertThat(app.connections()).isLessThanOrEqualTo(OTHERS);

        // When a body comes after all
        var client = (RawClient) attackers.getFirst();
        client.send("0123456789");

        // Then
        assertThat(client.readResponse()).startsWith("HTTP/1.1 200").endsWith("ok");
    }

    @Test
    void whoseBodyNeverComesIsToldSo() throws Exception {
        // Given
        sidecars.close();
        sidecars = new TestSidecars(
                app.port(),
                new RelaySettings(
                        Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofMinutes(1), 1, 1),
                TestSidecars.SHORT_DRAIN);

        // When
        var client = slow("127.0.0.1");
        client.send(POST);

        // Then
        assertThat(client.readAll()).startsWith("HTTP/1.1 408 ");
        assertThat(app.connections()).isZero();
    }

    @Test
    void whoGaveUpTakesNoPlaceAmongThoseWhoWait() throws Exception {
        // Given an application that is busy, and places for three
        sidecars.close();
        sidecars = new TestSidecars(
                app.port(),
                new RelaySettings(
                        Duration.ofSeconds(20),
                        Duration.ofMinutes(5),
                        Duration.ofHours(1),
                        Duration.ofMinutes(1),
                        1,
                        3),
                TestSidecars.SHORT_DRAIN);
        var busy = slow("127.0.0.1");
        var alsoBusy = slow("127.0.0.1");
        busy.send(POST + "x");
        alsoBusy.send(POST + "x");
        awaitSteadyConnections();

        // When others give up
        for (var i = 0; i < 20; i++) {
            var client = client("127.0.0.2");
            client.send(GET);
            client.close();
        }
        Awaitility.await().until(() -> sidecars.serverRelay.connections().get() == 2);
        var last = slow("127.0.0.2");
        last.send(GET);
        busy.send("123456789");
        alsoBusy.send("123456789");

        // Then
        assertThat(last.readResponse()).startsWith("HTTP/1.1 200");
    }

    /// As many requests on each connection as there may be, whose bodies begin and do not end.
    private void openStreams(int connections) throws IOException {
        for (var i = 0; i < connections; i++) {
            var client = RawHttp2.connect(sidecars);
            attackers.add(client);
            for (var stream = 1; stream < 2 * Http2Hop.STREAMS_MAX; stream += 2) {
                client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, post())
                        .frame(RawHttp2.DATA, 0, stream, new byte[1]);
            }
            client.flush();
        }
    }

    /// As many connections as there are going to be.
    private void awaitSteadyConnections() {
        var last = new AtomicInteger();
        Awaitility.await().during(Duration.ofMillis(500)).until(() -> {
            var now = app.connections();
            return last.getAndSet(now) == now && now > 0;
        });
    }

    private List<String> together(Callable<String> ask) throws Exception {
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = clients.invokeAll(
                    IntStream.range(0, OTHERS).mapToObj(_ -> ask).toList());
            var all = new ArrayList<String>();
            for (Future<String> answer : answers) {
                all.add(answer.get());
            }
            return all;
        }
    }

    private String ask(String from) throws IOException {
        try (var client = client(from)) {
            client.send(GET);
            return client.readResponse().lines().findFirst().orElse("");
        }
    }

    private RawClient slow(String from) {
        var client = client(from);
        attackers.add(client);
        return client;
    }

    private RawClient client(String from) {
        return new RawClient(from, sidecars.inboundPort());
    }

    private static byte[] post() {
        return RawHttp2.block(
                ":method", "POST", ":scheme", "http", ":path", "/a", ":authority", "a", "content-length", "10");
    }

    private static int length(String head) {
        var name = "content-length: ";
        var at = head.toLowerCase(Locale.ROOT).indexOf(name);
        return at < 0 ? 0 : Integer.parseInt(head.substring(at + name.length(), head.indexOf("\r\n", at)));
    }
}
