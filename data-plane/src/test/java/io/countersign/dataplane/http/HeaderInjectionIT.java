package io.countersign.dataplane.http;

import static io.countersign.dataplane.http.RawHttp2.DATA;
import static io.countersign.dataplane.http.RawHttp2.END_HEADERS;
import static io.countersign.dataplane.http.RawHttp2.END_STREAM;
import static io.countersign.dataplane.http.RawHttp2.HEADERS;
import static io.countersign.dataplane.http.RawHttp2.block;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.ScriptedApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.mesh.config.PortMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests of HTTP/2 that would be others, or more than one, when written as HTTP/1.1: none reaches the application
/// whole, and the connection goes on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeaderInjectionIT {
    private static final String REFUSED = "reset PROTOCOL_ERROR|status (400|501)";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    /// What the application was sent, connection by connection.
    private final Queue<ByteArrayOutputStream> heard = new ConcurrentLinkedQueue<>();

    private final ScriptedApp app = ScriptedApp.start((connection, _) -> {
        var bytes = new ByteArrayOutputStream();
        heard.add(bytes);
        for (var b = connection.in().read(); b >= 0; b = connection.in().read()) {
            bytes.write(b);
            if (bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        }
    });
    private final TestSidecars sidecars = new TestSidecars(app.port());
    private RawHttp2 client;
    private int stream = -1;

    @BeforeAll
    void connect() {
        sidecars.mode = PortMode.STRICT;
        client = RawHttp2.connect(sidecars);
    }

    @AfterAll
    void stop() throws IOException {
        client.close();
        sidecars.close();
        app.close();
    }

    @BeforeEach
    void forget() {
        heard.forEach(ByteArrayOutputStream::reset);
        stream += 2;
    }

    @ParameterizedTest
    @MethodSource({"badFields", "badTargets"})
    void refusesWhatIsNoOneRequestOfHttp1(List<String> fields) throws IOException {
        // When
        var answer = client.frame(HEADERS, END_HEADERS | END_STREAM, stream, block(fields.toArray(String[]::new)))
                .flush()
                .answer(stream);

        // Then
        assertThat(answer).matches(REFUSED);
        assertThat(heard).allMatch(bytes -> bytes.size() == 0);
        assertServesOn();
    }

    @Test
    void refusesABodyLongerThanItWasSaidToBe() throws IOException {
        // When
        var answer = client.frame(HEADERS, END_HEADERS, stream, post("content-length", "5"))
                .frame(DATA, END_STREAM, stream, ascii("hello" + SMUGGLED))
                .flush()
                .answer(stream);

        // Then
        assertThat(answer).matches(REFUSED);
        assertServesOn();
    }

    /// The next request is not the rest of it.
    @Test
    void refusesABodyShorterThanItWasSaidToBe() throws IOException {
        // When
        var answer = client.frame(HEADERS, END_HEADERS, stream, post("content-length", "50"))
                .frame(DATA, END_STREAM, stream, ascii("hello"))
                .flush()
                .answer(stream);

        // Then
        assertThat(answer).matches(REFUSED);
        assertServesOn();
        assertThat(heard)
                .noneMatch(bytes -> text(bytes).contains("content-length: 50")
                        && text(bytes).contains("GET"));
    }

    @ParameterizedTest
    @MethodSource("badTrailers")
    void refusesTrailersThatAreNone(String name, String value) throws IOException {
        // When
        var answer = client.frame(HEADERS, END_HEADERS, stream, post())
                .frame(DATA, 0, stream, ascii("hello"))
                .frame(HEADERS, END_HEADERS | END_STREAM, stream, block(name, value))
                .flush()
                .answer(stream);

        // Then
        assertThat(answer).matches(REFUSED);
        assertServesOn();
    }

    private static Stream<List<String>> badFields() {
        return Stream.of(
                        List.of("x", "a\r\nb: c"),
                        List.of("x", "a\nb: c"),
                        List.of("x", "a\rb: c"),
                        List.of("x", "a\0b"),
                        List.of("x", "a\r\n\r\n" + SMUGGLED),
                        List.of("cookie", "a\r\nb: c"),
                        List.of("x\r\nb", "c"),
                        List.of("x: y\r\nb", "c"),
                        List.of("x\n", "c"),
                        List.of("x\0", "c"),
                        List.of("x y", "c"),
                        List.of("x:y", "c"),
                        List.of("x\u0080", "c"),
                        List.of("", "c"),
                        List.of("X-Upper", "1"),
                        List.of("Transfer-Encoding", "chunked"),
                        List.of("transfer-encoding", "chunked"),
                        List.of("transfer-encoding", "identity"),
                        List.of("transfer-encoding ", "chunked"),
                        List.of("\ttransfer-encoding", "chunked"),
                        List.of("connection", "x-forwarded-client-cert"),
                        List.of("keep-alive", "timeout=5"),
                        List.of("proxy-connection", "close"),
                        List.of("upgrade", "websocket"),
                        List.of("te", "gzip"),
                        List.of("content-length", "5"),
                        List.of("content-length", "-1"),
                        List.of("content-length", "+0"),
                        List.of("content-length", "0x0"),
                        List.of("content-length", "0, 5"),
                        List.of("content-length", " 0"),
                        List.of("content-length", ""),
                        List.of("content-length", "0", "content-length", "5"),
                        List.of("content-length", "18446744073709551616"),
                        List.of("host", "b"),
                        List.of("host", "a", "host", "b"),
                        List.of("host", "a", "host", "a"),
                        List.of("host", "a\r\nb: c"),
                        List.of(":path", "/again"),
                        List.of(":authority", "b"),
                        List.of(":status", "200"),
                        List.of(":protocol", "websocket"))
                .map(more -> Stream.concat(request("GET", "/", "a").stream(), more.stream())
                        .toList());
    }

    private static Stream<List<String>> badTargets() {
        return Stream.of(
                request("", "/", "a"),
                request("G T", "/", "a"),
                request("GET\t", "/", "a"),
                request("GET\0", "/", "a"),
                request("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET", "/", "a"),
                request("GET", "", "a"),
                request("GET", "a", "a"),
                request("GET", "*", "a"),
                request("GET", "http://b/", "a"),
                request("GET", "/a b", "a"),
                request("GET", "/a\tb", "a"),
                request("GET", "/\0", "a"),
                request("GET", "/\u0080", "a"),
                request("GET", "/ HTTP/1.1\r\nb: c", "a"),
                request("GET", "/ HTTP/1.1\r\n\r\n" + SMUGGLED, "a"),
                request("GET", "/", ""),
                request("GET", "/", "a b"),
                request("GET", "/", "a/b"),
                request("GET", "/", "a,b"),
                request("GET", "/", "user@a"),
                request("GET", "/", "a:0"),
                request("GET", "/", "a:b"),
                request("GET", "/", "[::1"),
                request("GET", "/", "a\r\nb: c"),
                request("GET", "/", "a\0"),
                request("CONNECT", "/", "a:80"),
                List.of(":method", "CONNECT", ":authority", "a:80"),
                List.of(":method", "GET", ":scheme", "http", ":path", "/"),
                List.of(":method", "GET", ":scheme", "http", ":path", "/", "x", "y", ":authority", "a"));
    }

    private static Stream<Arguments> badTrailers() {
        return Stream.of(
                Arguments.of("x", "a\r\nb: c"),
                Arguments.of("x\r\n\r\n" + SMUGGLED, "c"),
                Arguments.of("x", "a\0"),
                Arguments.of("X-Upper", "1"),
                Arguments.of("transfer-encoding", "chunked"),
                Arguments.of("content-length", "5"),
                Arguments.of(":path", "/smuggled"));
    }

    private static List<String> request(String method, String path, String authority) {
        return List.of(":method", method, ":scheme", "http", ":path", path, ":authority", authority);
    }

    private static byte[] post(String... more) {
        return block(Stream.concat(request("POST", "/", "a").stream(), Stream.of(more))
                .toArray(String[]::new));
    }

    /// A good request on the same connection is answered, and is all that the application takes for one.
    private void assertServesOn() throws IOException {
        stream += 2;
        assertThat(client.get(stream, "/good").flush().answer(stream)).isEqualTo("status 200");
        assertThat(heard)
                .noneMatch(bytes -> text(bytes).contains("smuggled"))
                .noneMatch(bytes -> text(bytes).contains("b: c"))
                .anyMatch(bytes -> text(bytes).startsWith("GET /good HTTP/1.1\r\n"));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
