package io.countersign.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.tls.Offer;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Applications that speak HTTP/2, frame by frame, over every kind of hop between the sidecars that keeps it.
@ParameterizedClass
@EnumSource(
        value = HttpWay.Hop.class,
        names = {"PLAINTEXT", "MUTUAL_HTTP2"})
class Http2RelayIT {
    @Parameter
    private HttpWay.Hop hop;

    private Http2Peer app;
    private Http2Peer client;
    private TestSidecars sidecars;
    private HttpWay way;

    @BeforeEach
    void start() {
        start(true);
    }

    @AfterEach
    void stop() {
        client.close();
        way.close();
        sidecars.close();
        app.close();
    }

    @Test
    void streamsBothWaysWithTrailersAsGrpcDoes() throws InterruptedException {
        // Given
        var asked = Http2Peer.request("POST", "/echo.Echo/Chat");
        asked.set("te", "trailers").set("content-type", "application/grpc");

        // When
        var call = client.begin(asked, false);
        var request = app.take();
        app.headers(request.stream(), Http2Peer.response("200"), false);
        var seen = new StringBuilder(client.take().text());
        for (var i = 0; i < 3; i++) {
            client.data(call, "ping" + i, false);
            seen.append('|').append(app.take().text());
            app.data(request.stream(), "pong" + i, false);
            seen.append('|').append(client.take().text());
        }
        client.data(call, "", true);
        seen.append('|').append(app.take().text());
        var trailers = Http2Peer.response("200");
        trailers.remove(Http2Headers.PseudoHeaderName.STATUS.value());
        app.headers(request.stream(), trailers.set("grpc-status", "0"), true);
        seen.append('|').append(client.take().text());

        // Then
        assertThat(request.text())
                .contains(":method: POST", ":path: /echo.Echo/Chat", ":authority: a", "te: trailers")
                .doesNotContain("transfer-encoding", " END", "x-http2");
        assertThat(seen)
                .hasToString("HEADERS :status: 200|DATA ping0|DATA pong0|DATA ping1|DATA pong1|DATA ping2|DATA pong2"
                        + "|DATA  END|HEADERS grpc-status: 0 END");
    }

    @Test
    void keepsAResponseOfTrailersOnly() throws InterruptedException {
        // When
        client.begin(Http2Peer.request("POST", "/a"), true);
        var request = app.take();
        app.headers(request.stream(), Http2Peer.response("200").set("grpc-status", "12"), true);

        // Then
        assertThat(client.take().text()).isEqualTo("HEADERS :status: 200 grpc-status: 12 END");
    }

    @Test
    void endsTheRequestWhenTheResponseIsWholeBeforeIt() throws InterruptedException {
        // When
        var call = client.begin(Http2Peer.request("POST", "/a"), false);
        client.data(call, "first", false);
        var request = app.take();
        var piece = app.take();
        app.headers(request.stream(), Http2Peer.response("413"), false);
        app.data(request.stream(), "no", true);

        // Then
        var seen = List.of(
                client.take().text(), client.take().text(), client.take().text());
        assertThat(seen).containsExactly("HEADERS :status: 413", "DATA no END", "RESET NO_ERROR");
        assertThat(piece.text()).isEqualTo("DATA first");
        assertThat(app.take().text()).isEqualTo("RESET CANCEL");
    }

    @Test
    void passesAResetOnToBothSides() throws InterruptedException {
        // When
        var cancelled = client.begin(Http2Peer.request("GET", "/a"), true);
        app.take();
        client.reset(cancelled, Http2Error.CANCEL);
        var atApp = app.take().text();
        client.begin(Http2Peer.request("GET", "/b"), true);
        var request = app.take();
        app.headers(request.stream(), Http2Peer.response("200"), false);
        app.data(request.stream(), "half", false);
        client.take();
        client.take();
        app.reset(request.stream(), Http2Error.ENHANCE_YOUR_CALM);

        // Then
        assertThat(atApp).isEqualTo("RESET CANCEL");
        assertThat(client.take().text()).isEqualTo("RESET ENHANCE_YOUR_CALM");
    }

    @Test
    void repeatsWhatWasRefusedUnseenOnce() throws InterruptedException {
        // When
        client.begin(Http2Peer.request("POST", "/a").set("content-length", "0"), true);
        app.reset(app.take().stream(), Http2Error.REFUSED_STREAM);
        var again = app.take();
        app.headers(again.stream(), Http2Peer.response("204"), true);

        // Then
        assertThat(client.take().text()).isEqualTo("HEADERS :status: 204 END");
    }

    @Test
    void resetsAResponseWhoseServerDies() throws InterruptedException {
        // When
        client.begin(Http2Peer.request("GET", "/a"), true);
        var request = app.take();
        app.headers(request.stream(), Http2Peer.response("200"), false);
        app.data(request.stream(), "half", false);
        client.take();
        client.take();
        var _ = app.channel().close();

        // Then
        assertThat(client.take().text()).isEqualTo("RESET INTERNAL_ERROR");
    }

    @Test
    void readsNoMoreThanTheServerTakes() throws InterruptedException {
        // Given an application that takes nothing
        stop();
        start(false);
        var call = client.begin(Http2Peer.request("POST", "/a"), false);

        // When
        var piece = "x".repeat(16_384);
        var sent = new ArrayList<Future<?>>();
        for (var i = 0; i < 256; i++) {
            sent.add(client.offer(call, piece, false));
        }

        // Then what left the client is bounded, and another call is not held up
        Awaitility.await()
                .during(Duration.ofMillis(500))
                .until(() -> sent.stream().filter(Future::isDone).count() <= 64);
        client.begin(Http2Peer.request("GET", "/b"), true);
        var frames = new ArrayList<String>();
        while (frames.stream().noneMatch(frame -> frame.contains("/b"))) {
            frames.add(app.take().text());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            transfer-encoding | chunked
            connection | keep-alive
            te | gzip
            X-Upper | 1
            host | b
            content-length | +5
            content-length | 5
            x-line | 'a\r\nb: c'
            :status | 200
            :path | /again
            """)
    void resetsWhatCouldBeReadInTwoWays(String name, String value) throws InterruptedException {
        // When
        client.begin(Http2Peer.request("POST", "/a").add(name, value), true);

        // Then
        assertThat(client.take().text()).isEqualTo("RESET PROTOCOL_ERROR");
        assertThat(app.waiting()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"GET,a b", "GET,''", "G T,/"})
    void resetsARequestThatIsNoLineOfHttp1(String method, String path) throws InterruptedException {
        // When
        client.begin(Http2Peer.request(method, path), true);

        // Then
        assertThat(client.take().text()).isEqualTo("RESET PROTOCOL_ERROR");
        assertThat(app.waiting()).isZero();
    }

    @Test
    void saysTwiceThatItDrainsAndFinishesWhatItHas() throws InterruptedException {
        // Given
        var call = client.begin(Http2Peer.request("POST", "/a"), false);
        var request = app.take();

        // When
        sidecars.clientRelay.drain();
        Awaitility.await().until(() -> client.goAways.size() == 2);
        client.data(call, "rest", true);
        var rest = app.take().text();
        app.headers(request.stream(), Http2Peer.response("204"), true);

        // Then
        assertThat(client.goAways).containsExactly("2147483647", "3");
        assertThat(rest).isEqualTo("DATA rest END");
        assertThat(client.take().text()).isEqualTo("HEADERS :status: 204 END");
        Awaitility.await().until(() -> !client.channel().isActive());
    }

    private void start(boolean consumes) {
        app = Http2Peer.listen(consumes);
        sidecars = new TestSidecars(app.port());
        way = new HttpWay(sidecars, app.port(), hop, Offer.HTTP2);
        client = Http2Peer.connect(way.port(), true);
    }
}
