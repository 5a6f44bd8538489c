package io.countersign.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.dataplane.RawClient;
import io.countersign.dataplane.ScriptedApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.dataplane.tls.Offer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The relay against applications and clients that behave, and against such as do not.
@ParameterizedClass
@EnumSource(HttpWay.Hop.class)
class RelayIT {
    private static final String GET = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

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
    void keepsBothConnectionsForTheNextRequest() throws IOException {
        // Given
        start((connection, _) -> {
            while (!connection.readHead().isEmpty()) {
                connection.write(OK);
            }
        });

        // When
        var answers = new ArrayList<String>();
        try (var client = client()) {
            for (var i = 0; i < 3; i++) {
                client.send(GET);
                answers.add(client.readResponse());
            }
        }

        // Then
        assertThat(answers).hasSize(3).allSatisfy(answer -> assertThat(answer).endsWith("ok"));
        assertThat(app.connections()).isEqualTo(1);
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() throws IOException {
        // Given
        start((connection, _) -> {
            for (var head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                var path = head.split(" ", 3)[1];
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
            }
        });

        // When
        var answers = new StringBuilder();
        try (var client = client()) {
            var requests = new StringBuilder();
            for (var i = 0; i < 200; i++) {
                requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            client.send(requests.toString());
            for (var i = 0; i < 200; i++) {
                var answer = client.readResponse();
                answers.append(answer.substring(answer.lastIndexOf('/')));
            }
        }

        // Then
        var expected = new StringBuilder();
        for (var i = 0; i < 200; i++) {
            expected.append('/').append(i);
        }
        assertThat(answers).hasToString(expected.toString());
    }

    @Test
    void repeatsARequestOnAStaleConnectionOnce() throws IOException {
        // Given an application that answers once and ends when the next request has come
        start((connection, number) -> {
            connection.readHead();
            connection.write(OK);
            connection.readHead();
        });

        // When
        var answers = new ArrayList<String>();
        try (var client = client()) {
            for (var i = 0; i < 2; i++) {
                client.send(GET);
                answers.add(client.readResponse());
            }
        }

        // Then
        assertThat(answers).hasSize(2).allSatisfy(answer -> assertThat(answer).startsWith("HTTP/1.1 200 "));
        assertThat(app.connections()).isEqualTo(2);
    }

    @Test
    void doesNotRepeatWhatIsNotIdempotent() throws IOException {
        // Given
        start((connection, number) -> {
            connection.readHead();
            connection.write(OK);
            connection.readHead();
        });

        // When
        String second;
        try (var client = client()) {
            client.send(GET);
            client.readResponse();
            client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            second = client.readResponse();
        }

        // Then
        assertThat(second).startsWith("HTTP/1.1 503 ");
        assertThat(app.connections()).isEqualTo(1);
    }

    @Test
    void doesNotRepeatOnAFreshConnection() {
        // Given
        start((connection, _) -> connection.readHead());

        // When
        var answer = RawClient.exchange(port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 503 ").contains("closed before its response");
        assertThat(app.connections()).isEqualTo(1);
    }

    @Test
    void deliversAnEarlyAnswerAndDropsTheConnectionItCameOn() throws IOException {
        // Given an application that refuses a body without reading it
        start((connection, number) -> {
            connection.readHead();
            connection.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nno\n");
            connection.in().transferTo(OutputStream.nullOutputStream());
        });

        // When
        String answer;
        try (var client = client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n" + "x".repeat(100_000));
            answer = client.readAll();
        }

        // Then
        assertThat(answer)
                .startsWith("HTTP/1.1 413 ")
                .containsIgnoringCase("connection: close")
                .endsWith("no\n");
        Awaitility.await().until(() -> app.open() == 0);
    }

    @Test
    void passesContinueAndThenTheBody() throws IOException {
        // Given
        start((connection, _) -> {
            connection.readHead();
            connection.write("HTTP/1.1 100 Continue\r\n\r\n");
            var body = new String(connection.in().readNBytes(5), StandardCharsets.US_ASCII);
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + body);
        });

        // When
        String interim;
        String answer;
        try (var client = client()) {
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            interim = client.readHead();
            client.send("hello");
            answer = client.readResponse();
        }

        // Then
        assertThat(interim).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("hello");
    }

    @Test
    void answersHeadWithoutABody() throws IOException {
        // Given
        start((connection, _) -> {
            while (!connection.readHead().isEmpty()) {
                connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            }
        });

        // When
        String first;
        String second;
        try (var client = client()) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            first = client.readHead();
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            second = client.readHead();
        }

        // Then
        assertThat(first).startsWith("HTTP/1.1 200 ");
        assertThat(second).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void passesChunksAndTrailers() throws IOException {
        // Given
        start((connection, _) -> {
            var head = connection.readHead();
            var body = new StringBuilder();
            while (body.indexOf("\r\n\r\n") < 0) {
                body.append((char) connection.in().read());
            }
            var chunked = head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked");
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: "
                    + (chunked && body.toString().toLowerCase(Locale.ROOT).contains("x-up: 1")) + "\r\n\r\n");
        });

        // When
        String answer;
        try (var client = client()) {
            client.send(
                    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Up: 1\r\n\r\n");
            answer = client.readResponse();
        }

        // Then
        assertThat(answer).endsWithIgnoringCase("abc[X-Sum: true]");
    }

    @Test
    void takesTheClientsOwnProofOutOfTrailers() throws IOException {
        // Given
        start((connection, _) -> {
            connection.readHead();
            var body = connection.readHead();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        });

        // When
        String answer;
        try (var client = client()) {
            var lines = List.of(
                    "POST / HTTP/1.1",
                    "Host: a",
                    "Transfer-Encoding: chunked",
                    "",
                    "2",
                    "hi",
                    "0",
                    "X-Up: 1",
                    "X-Forwarded-Client-Cert: URI=admin");
            client.send(String.join("\r\n", lines) + "\r\n\r\n");
            answer = client.readResponse();
        }

        // Then
        assertThat(answer).containsIgnoringCase("x-up: 1").doesNotContain("admin");
    }

    @Test
    void passesNoProtocolChangeOn() throws IOException {
        // Given
        start((connection, _) -> {
            connection.readHead();
            connection.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\n\r\nanything");
        });

        // When
        String answer;
        try (var client = client()) {
            client.send(GET);
            answer = client.readResponse();
        }

        // Then
        assertThat(answer).startsWith("HTTP/1.1 502 ");
    }

    @Test
    void takesHopByHopFieldsOut() throws IOException {
        // Given
        start((connection, _) -> {
            var head = connection.readHead();
            var fields = List.of(
                    "HTTP/1.1 200 OK",
                    "Connection: keep-alive, X-Hop",
                    "X-Hop: 1",
                    "Keep-Alive: timeout=5",
                    "Content-Length: " + head.length());
            connection.write(String.join("\r\n", fields) + "\r\n\r\n" + head);
        });

        // When
        String answer;
        try (var client = client()) {
            var fields = List.of(
                    "GET / HTTP/1.1",
                    "Host: a",
                    "Connection: X-Mine, Host",
                    "X-Mine: 1",
                    "TE: trailers",
                    "Upgrade: websocket",
                    "Proxy-Connection: keep-alive",
                    "X-Other: 2");
            client.send(String.join("\r\n", fields) + "\r\n\r\n");
            answer = client.readResponse().toLowerCase(Locale.ROOT);
        }

        // Then
        assertThat(answer)
                .contains("host: a", "x-other: 2")
                .doesNotContain("x-mine", "te: trailers", "upgrade", "proxy-connection", "x-hop", "keep-alive");
    }

    @Test
    void givesAnUnframedAnswerAnEnd() throws IOException {
        // Given
        start((connection, _) -> {
            connection.readHead();
            connection.write("HTTP/1.0 200 OK\r\n\r\nall of it");
        });

        // When
        String chunked;
        try (var client = client()) {
            client.send(GET);
            chunked = client.readResponse();
        }
        var old = RawClient.exchange(port(), "GET / HTTP/1.0\r\nHost: a\r\n\r\n");

        // Then
        assertThat(chunked).containsIgnoringCase("transfer-encoding: chunked").endsWith("all of it");
        assertThat(old).doesNotContainIgnoringCase("transfer-encoding").endsWith("\r\n\r\nall of it");
    }

    @Test
    void letsNobodyTakeATruncatedAnswerForWhole() throws IOException {
        // Given
        start((connection, _) -> {
            connection.readHead();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        });

        // When, Then
        try (var client = client()) {
            client.send(GET);
            assertThatThrownBy(client::readResponse).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 6\r\n\r\nhello",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello",
                "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
                "GET nonsense HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX\0Y: 1\r\n\r\n",
                "GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a?\u0001 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a\u007f HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a\u000bb HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a\rb HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://a/\u001f HTTP/1.1\r\nHost: a\r\n\r\n",
                "G\0T /a HTTP/1.1\r\nHost: a\r\n\r\n",
                "G\u007fT /a HTTP/1.1\r\nHost: a\r\n\r\n",
            })
    void refusesWhatCouldBeReadInTwoWays(String request) {
        // Given
        start((connection, _) -> {
            connection.readHead();
            connection.write(OK);
        });

        // When
        var answer = RawClient.exchange(port(), request);

        // Then
        assertThat(answer).startsWith("HTTP/1.1 400 ").containsIgnoringCase("connection: close");
        assertThat(app.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip, chunked", "identity", "xchunked", "chunked, gzip"})
    void refusesOtherTransferEncodings(String encoding) {
        // Given
        start((connection, _) -> {
            connection.readHead();
            connection.write(OK);
        });

        // When
        var answer = RawClient.exchange(
                port(), "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: " + encoding + "\r\n\r\n0\r\n\r\n");

        // Then
        assertThat(answer).containsPattern("^HTTP/1.1 (501|400) ");
        assertThat(app.connections()).isZero();
    }

    @ParameterizedTest
    @MethodSource("unreadableChunks")
    void aBodyThatCannotBeReadHasNoEnd(String chunks) throws IOException {
        // Given
        var heard = new ConcurrentLinkedQueue<String>();
        start((connection, _) -> {
            var text = new StringBuilder();
            try {
                for (var b = connection.in().read(); b >= 0; b = connection.in().read()) {
                    text.append((char) b);
                }
            } finally {
                heard.add(text.toString());
            }
        });

        // When
        String answer;
        try (var client = client()) {
            client.send("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
            Awaitility.await().until(() -> app.connections() == 1);
            client.send(chunks + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
            answer = client.readAll();
        }

        // Then
        assertThat(answer).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1");
        Awaitility.await().until(() -> heard.size() == 1);
        assertThat(heard.element())
                .contains("POST /a")
                .doesNotContain("\r\n0\r\n\r\n")
                .doesNotContain("smuggled");
        assertThat(app.connections()).isEqualTo(1);
    }

    static List<String> unreadableChunks() {
        var long70 = "y".repeat(70_000);
        return List.of(
                "zz\r\nhello\r\n0\r\n\r\n",
                "-5\r\nhello\r\n0\r\n\r\n",
                "+5\r\nhello\r\n0\r\n\r\n",
                "0x5\r\nhello\r\n0\r\n\r\n",
                "5 5\r\nhello\r\n0\r\n\r\n",
                "5_\r\nhello\r\n0\r\n\r\n",
                "5\0\r\nhello\r\n0\r\n\r\n",
                "\r\nhello\r\n0\r\n\r\n",
                ";a=b\r\nhello\r\n0\r\n\r\n",
                "5\nhello\r\n0\r\n\r\n",
                "5\r\nhello0\r\n\r\n",
                "5\r\nhello\n0\r\n\r\n",
                "5\r\nhelloworld\r\n0\r\n\r\n",
                "FFFFFFFFFFFFFFFF1\r\nhello\r\n0\r\n\r\n",
                "80000000\r\nhello\r\n0\r\n\r\n",
                "5;" + long70 + "\r\nhello\r\n0\r\n\r\n",
                "0\r\nX: " + long70 + "\r\n\r\n",
                "0\r\nno field\r\n\r\n",
                "0\r\n: nameless\r\n\r\n",
                "0\r\nX : y\r\n\r\n",
                "0\nX: y\r\n\r\n");
    }

    @Test
    void refusesAHeaderThatIsTooLarge() {
        // Given
        start((connection, _) -> connection.readHead());

        // When
        var answer = RawClient.exchange(port(), "GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(70_000) + "\r\n\r\n");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void boundsThePoolAndItsQueue() throws Exception {
        // Given
        var settings = new RelaySettings(
                Duration.ofSeconds(20), Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofMinutes(1), 2, 3);
        var release = new CountDownLatch(1);
        app = ScriptedApp.start((connection, _) -> {
            while (!connection.readHead().isEmpty()) {
                awaitQuietly(release);
                connection.write(OK);
            }
        });
        sidecars = new TestSidecars(app.port(), settings, TestSidecars.SHORT_DRAIN);
        way = new HttpWay(sidecars, app.port(), hop, Offer.HTTP);

        // When
        List<Future<String>> answers = new ArrayList<>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < 20; i++) {
                answers.add(clients.submit(
                        () -> RawClient.exchange(port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")));
            }
            // Over HTTP/2 both clients' connections may be one event loop's.
            Awaitility.await()
                    .until(() -> answers.stream().filter(Future::isDone).count() >= 10);
            release.countDown();
        }

        // Then
        var codes = new ArrayList<String>();
        for (var answer : answers) {
            codes.add(answer.get().substring(9, 12));
        }
        assertThat(codes).containsOnly("200", "503");
        assertThat(codes).filteredOn("200"::equals).hasSizeBetween(3, 10);
        assertThat(app.connections()).isLessThanOrEqualTo(4);
    }

    private void start(ScriptedApp.Script script) {
        app = ScriptedApp.start(script);
        sidecars = new TestSidecars(app.port());
        way = new HttpWay(sidecars, app.port(), hop, Offer.HTTP);
    }

    private int port() {
        return way.port();
    }

    private RawClient client() {
        return new RawClient(port());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
