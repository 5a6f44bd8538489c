package io.countersign.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.RawClient;
import io.countersign.dataplane.ScriptedApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.relay.Relay;
import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.dataplane.tls.Offer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections that stop being HTTP: by Upgrade and by CONNECT.
@ParameterizedClass
@EnumSource(HttpWay.Hop.class)
class TunnelIT {
    private static final String GET = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String UPGRADE =
            "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    /// So that what is left behind by one in hundreds shows.
    private static final int MASS = 600;

    private static final int CLIENTS = 16;
    private static final int LOOPS = 2;

    @Parameter
    private HttpWay.Hop hop;

    private ScriptedApp app;
    private TestSidecars sidecars;
    private HttpWay way;

    @AfterEach
    void stop() {
        way.close();
        sidecars.close();
        app.close();
    }

    @Test
    void carriesBytesAfterAnUpgrade() throws IOException {
        // Given
        start((connection, _) -> {
            var asked = connection.readHead().toLowerCase(Locale.ROOT);
            connection.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                    + (asked.contains("upgrade: websocket") ? "hello" : "wrong"));
            connection.write(new String(connection.in().readNBytes(5), StandardCharsets.US_ASCII));
        });

        // When
        String head;
        String bytes;
        try (var client = client()) {
            client.send(
                    "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n");
            head = client.readHead();
            client.send("world");
            bytes = client.readAll();
        }

        // Then
        assertThat(head).startsWith("HTTP/1.1 101 ").containsIgnoringCase("upgrade: websocket");
        assertThat(bytes).isEqualTo("helloworld");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "foo, h2c        | upgrade: foo",
                "h2c, foo        | upgrade: foo",
                "H2C;q=1,foo,bar | upgrade: foo, bar",
                "h2c             | ''",
                "h2              | ''"
            })
    void noServerIsAskedForHttp2ThatWay(String wanted, String asked) throws IOException {
        // Given
        var heard = new ConcurrentLinkedQueue<String>();
        start((connection, _) -> {
            heard.add(connection.readHead().toLowerCase(Locale.ROOT));
            connection.write(
                    asked.isEmpty() ? OK : "HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: foo\r\n\r\n");
        });

        // When
        String head;
        try (var client = client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: " + wanted + "\r\n\r\n");
            head = client.readHead().toLowerCase(Locale.ROOT);
        }

        // Then
        assertThat(heard.element()).contains(asked).doesNotContain("h2");
        if (asked.isEmpty()) {
            assertThat(heard.element()).doesNotContain("upgrade");
            assertThat(head).startsWith("http/1.1 200 ");
        } else {
            assertThat(head).startsWith("http/1.1 101 ").contains("upgrade: foo\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bar", "foo, bar", "h2c", "fo"})
    void changesToNothingThatTheClientDidNotAskFor(String chosen) throws IOException {
        // Given
        start((connection, _) -> {
            connection.readHead();
            connection.write("HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: " + chosen + "\r\n\r\n");
        });

        // When
        String head;
        try (var client = client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: baz, Foo\r\n\r\n");
            head = client.readHead();
        }

        // Then
        assertThat(head).startsWith("HTTP/1.1 502 ");
    }

    @Test
    void answersARefusedUpgradeAndGoesOn() throws IOException {
        // Given
        start((connection, _) -> {
            while (!connection.readHead().isEmpty()) {
                connection.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
            }
        });

        // When
        var answers = new ArrayList<String>();
        try (var client = client()) {
            for (var i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                answers.add(client.readResponse());
            }
        }

        // Then
        assertThat(answers)
                .hasSize(2)
                .allSatisfy(
                        answer -> assertThat(answer).startsWith("HTTP/1.1 403 ").endsWith("no"));
    }

    @Test
    void connectLeadsToTheDestination() throws IOException {
        // Given
        start((connection, _) -> {
            while (!connection.readHead().isEmpty()) {
                connection.write(OK);
            }
        });

        // When
        String opened;
        String answer;
        try (var client = client()) {
            client.send("CONNECT a:8000 HTTP/1.1\r\nHost: a:8000\r\n\r\n");
            opened = client.readHead();
            client.send(GET);
            answer = client.readResponse();
        }

        // Then
        assertThat(opened)
                .startsWith("HTTP/1.1 200 ")
                .doesNotContainIgnoringCase("content-length", "transfer-encoding");
        assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("ok");
    }

    @Test
    void refusesConnectFromOthers() {
        // Given
        start((connection, _) -> connection.readHead());

        // When
        var answer = RawClient.exchange(
                sidecars.inboundPort(), "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nConnection: close\r\n\r\n");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 501 ").contains("CONNECT is not implemented");
        assertThat(app.connections()).isZero();
    }

    @Test
    void bytesThatComeWithTheAnswerArriveThoughTheServerLeavesAtOnce() throws IOException {
        // Given
        start((connection, _) -> {
            connection.readHead();
            connection.write(SWITCHING + "hello");
        });

        // When
        var heard = new ArrayList<String>();
        for (var i = 0; i < 50; i++) {
            try (var client = client()) {
                client.send(UPGRADE);
                heard.add(client.readHead().substring(0, 13) + client.readAll());
            }
        }

        // Then
        assertThat(heard).containsOnly("HTTP/1.1 101 hello");
    }

    @Test
    void aMassOfTunnelsThatEndEarlyLeavesNothingBehindAndStopsNothing() throws Exception {
        // Given
        startDrainingSoon((connection, number) -> {
            if (connection.readHead().contains("/stay")) {
                connection.write(SWITCHING);
                var _ = connection.in().read();
            } else {
                connection.socket().setSoLinger(number % 2 == 0, 0);
                connection.write(SWITCHING + (number % 3 == 0 ? "" : "hello"));
            }
        });

        // When
        try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
            // Some of them are reset before they have read what they wanted to.
            var _ = clients.invokeAll(IntStream.range(0, MASS)
                    .mapToObj(i -> (Callable<Void>) () -> endEarly(i % 5))
                    .toList());
        }
        // The client's side may keep connections that it opened for who then left.
        Awaitility.await().untilAsserted(() -> {
            assertThat(sidecars.clientRelay.connections().join()).isZero();
            assertThat(sidecars.serverRelay.connections().join()).isLessThanOrEqualTo(CLIENTS);
        });

        // Then what is periodic goes on, on every loop
        assertDrains(hop == HttpWay.Hop.PLAINTEXT ? sidecars.clientRelay : sidecars.serverRelay);
    }

    private void assertDrains(Relay relay) throws IOException {
        var live = new ArrayList<RawClient>();
        for (var i = 0; i < 2 * LOOPS; i++) {
            var client = client();
            client.send(UPGRADE.replace("/chat", "/stay"));
            client.readHead();
            live.add(client);
        }
        relay.drain();
        for (var client : live) {
            assertThat(client.readAll()).isEmpty();
            client.close();
        }
    }

    /// One client that leaves before, while or after the answer comes, quietly or not.
    private Void endEarly(int kind) throws IOException {
        try (var client = client()) {
            client.socket().setSoLinger(kind >= 3, 0);
            client.send(UPGRADE);
            if (kind == 1 || kind == 3) {
                client.readHead();
            } else if (kind == 2) {
                client.readAll();
            }
        }
        return null;
    }

    private void start(ScriptedApp.Script script) {
        app = ScriptedApp.start(script);
        sidecars = new TestSidecars(app.port());
        way = new HttpWay(sidecars, app.port(), hop, Offer.HTTP);
    }

    private void startDrainingSoon(ScriptedApp.Script script) {
        app = ScriptedApp.start(script);
        sidecars = new TestSidecars(app.port(), RelaySettings.DEFAULTS, TestSidecars.SHORT_DRAIN);
        way = new HttpWay(sidecars, app.port(), hop, Offer.HTTP);
    }

    private int port() {
        return way.port();
    }

    private RawClient client() {
        return new RawClient(port());
    }
}
