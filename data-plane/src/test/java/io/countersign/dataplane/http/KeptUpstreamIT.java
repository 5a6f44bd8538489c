package io.countersign.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.RawClient;
import io.countersign.dataplane.ScriptedApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.dataplane.tls.Offer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections to an application serve one client after another: what one of them brought about never reaches the next.
@ParameterizedClass
@EnumSource(HttpWay.Hop.class)
class KeptUpstreamIT {
    private static final String GET = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
    private static final int CLIENTS = 16;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 66\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\n\r\n"
            })
    void whatComesBehindAResponseIsNobodysResponse(String response) throws Exception {
        // Given an application that answers some with more than one response, or with the beginning of one
        start((connection, _) -> {
            for (var head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                connection.write(
                        switch (path(head)) {
                            case "/more" -> response + POISON;
                            case "/begun" -> response + "HTTP/1.1 200 OK\r\nX: ";
                            default -> OK;
                        });
            }
        });

        // When
        var answers = new ArrayList<String>();
        for (var path : List.of("/more", "/begun")) {
            answers.addAll(together(
                    () -> {
                        ask("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
                        return "";
                    },
                    () -> ask(GET)));
        }

        // Then
        assertThat(answers)
                .filteredOn(answer -> !answer.isEmpty())
                .hasSize(2 * CLIENTS)
                .allSatisfy(
                        answer -> assertThat(answer).startsWith("HTTP/1.1 200").endsWith("ok"));
    }

    @Test
    void whatIsReadOnlyLaterIsNobodysResponseEither() throws Exception {
        // Given one connection, whose next client waits, and a response that fills what is read at a time
        app = ScriptedApp.start((connection, number) -> {
            for (var head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                var body = "x".repeat(300_000);
                connection.write(
                        path(head).equals("/more")
                                ? "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body
                                        + POISON.repeat(1_000)
                                : OK);
            }
        });
        var one = new RelaySettings(
                Duration.ofSeconds(20), Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofMinutes(1), 1, 100);
        sidecars = new TestSidecars(app.port(), one, TestSidecars.SHORT_DRAIN);
        way = new HttpWay(sidecars, app.port(), hop, Offer.HTTP);

        // When
        var answers = together(
                () -> {
                    ask("GET /more HTTP/1.1\r\nHost: a\r\n\r\n");
                    return "";
                },
                () -> ask(GET));

        // Then
        assertThat(answers)
                .filteredOn(answer -> !answer.isEmpty())
                .hasSize(CLIENTS)
                .allSatisfy(
                        answer -> assertThat(answer).startsWith("HTTP/1.1 200").endsWith("ok"));
    }

    @Test
    void aResponseToHeadThatHasABodyPoisonsNobody() throws Exception {
        // Given
        start((connection, _) -> {
            for (var head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                connection.write(
                        head.startsWith("HEAD") ? "HTTP/1.1 200 OK\r\nContent-Length: 66\r\n\r\n" + POISON : OK);
            }
        });

        // When
        var answers = together(
                () -> {
                    try (var client = new RawClient(way.port())) {
                        client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n");
                        client.readHead();
                        return "";
                    }
                },
                () -> ask(GET));

        // Then
        assertThat(answers)
                .filteredOn(answer -> !answer.isEmpty())
                .hasSize(CLIENTS)
                .allSatisfy(
                        answer -> assertThat(answer).startsWith("HTTP/1.1 200").endsWith("ok"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip, chunked", "gzip", "GZIP,chunked", "deflate\r\nTransfer-Encoding: chunked", "x"})
    void aCodingThatTheClientIsNotToldOfIsRefused(String codings) throws IOException {
        // Given
        start((connection, _) -> {
            connection.readHead();
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: " + codings + "\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        });

        // When
        var answer = ask(GET);

        // Then
        assertThat(answer).startsWith("HTTP/1.1 502 ").doesNotContain("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity\r\nContent-Length: 5\r\n\r\nhello", "identity\r\nConnection: close\r\n\r\nhello"})
    void noCodingIsNone(String rest) throws IOException {
        // Given
        start((connection, _) -> {
            connection.readHead();
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: " + rest);
        });

        // When
        var answer = ask(GET);

        // Then
        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NTLM", "Negotiate", "negotiate"})
    void whoLogsInOnAConnectionKeepsItForHimself(String scheme) throws Exception {
        // Given an application that knows its caller by the connection
        start((connection, _) -> {
            var name = "nobody";
            for (var head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                var at = head.toLowerCase(Locale.ROOT).indexOf("authorization: ");
                if (at >= 0) {
                    name = head.substring(at).split("\\s+", 4)[2];
                }
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name);
            }
        });
        var kept = new ArrayList<String>();

        // When
        List<String> others;
        try (var alice = new RawClient(way.port())) {
            alice.send("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: " + scheme + " alice\r\n\r\n");
            kept.add(alice.readResponse());
            for (var i = 0; i < 5; i++) {
                alice.send(GET);
                kept.add(alice.readResponse());
            }
            others = together(() -> ask(GET), () -> ask(GET));
        }
        others.addAll(together(() -> ask(GET), () -> ask(GET)));

        // Then
        assertThat(kept).hasSize(6).allSatisfy(answer -> assertThat(answer).endsWith("alice"));
        assertThat(others)
                .hasSize(4 * CLIENTS)
                .allSatisfy(answer -> assertThat(answer).endsWith("nobody"));
    }

    /// Faulty clients' requests and others', at the same time.
    private static List<String> together(Callable<String> some, Callable<String> others) throws Exception {
        var answers = new ArrayList<String>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = clients.invokeAll(IntStream.range(0, CLIENTS)
                    .boxed()
                    .flatMap(_ -> Stream.of(some, others))
                    .toList());
            for (Future<String> answer : asked) {
                answers.add(answer.get());
            }
        }
        return answers;
    }

    private String ask(String request) throws IOException {
        try (var client = new RawClient(way.port())) {
            client.send(request);
            return client.readResponse();
        }
    }

    private static String path(String head) {
        return head.split(" ", 3)[1];
    }

    private void start(ScriptedApp.Script script) {
        app = ScriptedApp.start(script);
        sidecars = new TestSidecars(app.port());
        way = new HttpWay(sidecars, app.port(), hop, Offer.HTTP);
    }
}
