package io.countersign.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.RawClient;
import io.countersign.dataplane.ScriptedApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.mesh.config.PortMode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Ports without a declared protocol: whatever a server of HTTP might take for a request carries no field of the
/// mesh's,
/// and what is none is passed on.
class UndeclaredPortIT {
    private static final String FORGED = "FORGED";
    private static final String FIELDS =
            "Host: a\r\nX-Forwarded-Client-Cert: " + FORGED + "\r\nConnection: close\r\n\r\n";

    private static final List<String> FIRST_LINES = List.of(
            "GET /a HTTP/1.1",
            "GET /a",
            "POST /a",
            "GET a",
            "get /a",
            " GET /a",
            "\r\nGET /a",
            "GET\t/a",
            "GET\u000b/a\u000bHTTP/1.1",
            "GET\u001c/a\u001dHTTP/1.1",
            "GET\u00a0/a\u00a0HTTP/1.1",
            "GET\u0085/a HTTP/1.1",
            "\u00a0GET /a HTTP/1.1",
            "GET /a X/1.1",
            "GET /a\0 HTTP/1.1",
            "GET /a\u0001",
            "\0GET /a HTTP/1.1",
            "G\0T /a HTTP/1.1",
            "0foo /a\0 HTTP/1.1",
            "0\f\u0002 HTTP/1.1",
            "(GET) /a HTTP/1.1",
            "\u00e9T /a HTTP/1.1",
            "\u0016\u0003\u0001 /a HTTP/1.1",
            "ruok\nGET /a HTTP/1.1",
            "ruok\r\nGET /a HTTP/1.1",
            "get key\r\nGET /a HTTP/1.1",
            "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET /a HTTP/1.1",
            "\r\n\r\n\0\r\nQUIT\n \0\0\0GET /a HTTP/1.1");

    /// What clients send first, and how long it may take until their servers get it.
    private static final Map<String, Duration> PROTOCOLS = Map.of(
            "0\f\u0002\u0001\u0001`\u0007\u0002\u0001\u0003\u0004\0\u0080\0", Duration.ofSeconds(5),
            "0032git-upload-pack /r.git\0host=h:9418\0\0version=2\0", Duration.ofSeconds(5),
            "AMQP\0\0\u0009\u0001", Duration.ofSeconds(5),
            "*1\r\n$4\r\nPING\r\n", Duration.ofSeconds(5),
            "set key 0 0 3\r\n", Duration.ofSeconds(5),
            "ruok\n", Duration.ofSeconds(5),
            "ruok", Duration.ofSeconds(30),
            "00280800822000000000000004000000", Duration.ofSeconds(30));

    @ParameterizedTest
    @EnumSource
    void noServerEverReadsAProofThatTheClientWrote(LenientServer.Kind kind) throws IOException {
        try (var server = LenientServer.start(kind);
                var sidecars = new TestSidecars(server.port())) {
            // Given
            sidecars.set(PortMode.PERMISSIVE, "");
            var deceived = FIRST_LINES.stream()
                    .filter(line ->
                            exchange(server.port(), "", line + "\r\n" + FIELDS).contains(FORGED))
                    .toList();

            // When
            var answers = new HashMap<String, String>();
            for (var line : FIRST_LINES) {
                for (var connect : List.of("", "CONNECT httpbin.full:8000 HTTP/1.1\r\nHost: a\r\n\r\n")) {
                    var port = connect.isEmpty() ? sidecars.inboundPort() : sidecars.outboundPort();
                    answers.put(connect + line, exchange(port, connect, line + "\r\n" + FIELDS));
                }
            }

            // Then
            assertThat(deceived).as("what it takes from a client itself").hasSizeGreaterThan(1);
            assertThat(answers).allSatisfy((_, answer) -> assertThat(answer).doesNotContain(FORGED));
            assertThat(server.seen())
                    .as("beside what was sent to it directly")
                    .filteredOn(proof -> proof.contains(FORGED))
                    .hasSameSizeAs(deceived);
        }
    }

    @Test
    void whatCanBeNoRequestIsPassedOnAndWhatMayStillBecomeOneIsWatched() throws Exception {
        // Given an application that echoes
        var heard = ConcurrentHashMap.<String>newKeySet();
        try (var app = ScriptedApp.start((connection, _) -> {
                    var text = new StringBuilder();
                    for (var b = connection.in().read();
                            b >= 0;
                            b = connection.in().read()) {
                        text.append((char) b);
                        heard.add(text.toString());
                    }
                });
                var sidecars = new TestSidecars(app.port())) {
            sidecars.set(PortMode.PERMISSIVE, "");
            var begin = System.nanoTime();

            // When
            var took = new HashMap<String, Duration>();
            var clients = new HashMap<String, RawClient>();
            for (var first : PROTOCOLS.keySet()) {
                var client = new RawClient(sidecars.inboundPort());
                clients.put(first, client);
                client.send(first);
            }
            Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> {
                PROTOCOLS.keySet().stream()
                        .filter(heard::contains)
                        .forEach(first -> took.putIfAbsent(first, Duration.ofNanos(System.nanoTime() - begin)));
                return took.size() == PROTOCOLS.size();
            });
            var late = clients.get("ruok");
            late.send(" / HTTP/1.1\r\n" + FIELDS);
            var answer = readToReset(late);

            // Then
            assertThat(took).allSatisfy((first, time) -> assertThat(time).isLessThan(PROTOCOLS.get(first)));
            assertThat(answer).isEqualTo("reset");
            assertThat(heard).noneMatch(text -> text.contains(FORGED));
            for (var client : clients.values()) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesThatHaveBegunARequestAreNotPassedOn(LenientServer.Kind kind) throws IOException {
        try (var server = LenientServer.start(kind);
                var sidecars = new TestSidecars(server.port())) {
            // Given
            sidecars.set(PortMode.PERMISSIVE, "");

            // When
            var answers = Stream.of("GET /a\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", "\r\n\r\n\0\r\nQUIT\n \0")
                    .map(begin -> exchange(sidecars.inboundPort(), "", begin + FIELDS))
                    .toList();

            // Then
            assertThat(answers).allSatisfy(answer -> assertThat(answer).startsWith("HTTP/1.1 400 "));
        }
    }

    /// The answer, or what came of it before a reset.
    private static String exchange(int port, String connect, String request) {
        var answer = new StringBuilder();
        try (var client = new RawClient(port)) {
            client.socket().setSoTimeout(3_000);
            if (!connect.isEmpty()) {
                client.send(connect);
                client.readHead();
            }
            client.send(request);
            for (var b = client.in().read(); b >= 0; b = client.in().read()) {
                answer.append((char) b);
            }
        } catch (IOException e) {
            answer.append(" [").append(e.getMessage()).append(']');
        }
        return answer.toString();
    }

    private static String readToReset(RawClient client) {
        try {
            return client.readAll();
        } catch (IOException e) {
            return e.getMessage().contains("reset") ? "reset" : String.valueOf(e.getMessage());
        }
    }
}
