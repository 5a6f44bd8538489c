package io.countersign.dataplane.http;

import static io.countersign.dataplane.http.RawHttp2.GOAWAY;
import static io.countersign.dataplane.http.RawHttp2.HEADERS;
import static io.countersign.dataplane.http.RawHttp2.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.AnyApp;
import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.ScriptedApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.dataplane.tls.Offer;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Connections of HTTP/2 that end while requests are on them, and others come: none of these fails.
class ConnectionEndIT {
    private static final int TAKEN = 20;
    private static final int AT_ONCE = 30;
    private static final Duration POLL = Duration.ofMillis(1);
    private static final int TAKEN_BACK = 100;

    /// Every second burst goes on two connections: the first takes some, says so before it answers, and drops the rest.
    @Test
    void whatAnUpstreamThatGoesAwayHasNotTakenGoesElsewhere() throws Exception {
        // Given
        try (var app = ScriptedApp.start((connection, _) -> {
                    var http2 = RawHttp2.accepted(connection);
                    var unanswered = new ArrayList<Integer>();
                    for (var taken = 0; taken < TAKEN; ) {
                        var frame = http2.read();
                        if (frame.type() == HEADERS) {
                            unanswered.add(frame.stream());
                            taken++;
                        }
                        if (taken == TAKEN) {
                            http2.goAway(frame.stream());
                        }
                        if (taken == TAKEN || !http2.isReadable()) {
                            http2.answer(unanswered).flush();
                            unanswered.clear();
                        }
                    }
                    while (true) {
                        http2.read();
                    }
                });
                var sidecars = new TestSidecars(app.port());
                var way = new HttpWay(sidecars, app.port(), HttpWay.Hop.MUTUAL_HTTP2, Offer.HTTP2);
                var client = Http2Peer.connect(way.port(), true)) {
            for (var burst = 0; burst < 10; burst++) {
                // When
                IntStream.range(0, AT_ONCE).forEach(_ -> client.begin(Http2Peer.request("POST", "/a"), true));

                // Then
                for (var i = 0; i < AT_ONCE; i++) {
                    assertThat(client.take().text()).isEqualTo("HEADERS :status: 200 END");
                }
            }
            assertThat(app.connections()).isGreaterThanOrEqualTo(10 * AT_ONCE / TAKEN);
        }
    }

    /// A server may end a connection on which much is taken back: that must not be everybody's.
    @Test
    void requestsThatAreTakenBackMoveToAnotherConnectionInTime() throws Exception {
        // Given an application that answers its first request when its connection is given up
        var seen = new ConcurrentLinkedQueue<Integer>();
        try (var app = ScriptedApp.start((connection, _) -> {
                    var http2 = RawHttp2.accepted(connection);
                    for (var frame = http2.read(); frame.type() != GOAWAY; frame = http2.read()) {
                        seen.add(frame.type());
                    }
                    http2.answer(List.of(3)).flush();
                });
                var sidecars = new TestSidecars(app.port());
                var way = new HttpWay(sidecars, app.port(), HttpWay.Hop.PLAINTEXT, Offer.HTTP2);
                var patient = Http2Peer.connect(way.port(), true)) {
            patient.begin(Http2Peer.request("GET", "/patient"), true);
            Awaitility.await().until(() -> seen.contains(HEADERS));

            // When, never so many at once that they would go on two connections
            for (var takenBack = 1; takenBack <= TAKEN_BACK; takenBack++) {
                patient.reset(patient.begin(Http2Peer.request("GET", "/"), true), Http2Error.CANCEL);
                if (takenBack % AT_ONCE == 0) {
                    var all = takenBack;
                    Awaitility.await().pollInterval(POLL).until(() -> Collections.frequency(seen, RST_STREAM) == all);
                }
            }
            patient.begin(Http2Peer.request("GET", "/next"), true);
            Awaitility.await().until(() -> app.connections() > 1);

            // Then
            assertThat(patient.take().text()).isEqualTo("HEADERS :status: 200 END");
        }
    }

    /// It is told so, and reset when it does not listen.
    @Test
    void aClientWhoseConnectionOutlivesTheCertificatesIsToldToGoElsewhere() throws Exception {
        // Given
        try (var app = EchoApp.start();
                var sidecars = new TestSidecars(app.port(), RelaySettings.DEFAULTS, TestSidecars.SHORT_DRAIN);
                var client = RawHttp2.connect(sidecars)) {
            assertThat(client.get(1, "/headers").flush().answer(1)).isEqualTo("status 200");

            // When
            sidecars.serverAhead = Duration.ofDays(2);

            // Then
            assertThat(client.readToEnd()).endsWith("goaway NO_ERROR");
        }
    }

    @Test
    void aDrainUnderLoadFailsNoRequestThatWasTaken() throws Exception {
        // Given
        try (var app = new AnyApp();
                var sidecars = new TestSidecars(app.port());
                var client = Http2Peer.connect(sidecars.inboundPort(), true)) {
            var open = new HashSet<Http2FrameStream>();
            while (open.size() < AT_ONCE) {
                open.add(client.begin(Http2Peer.request("GET", "/"), true));
            }

            // When
            for (var answered = 0; open.stream().anyMatch(stream -> isTaken(stream, client)); ) {
                if (client.waiting() == 0) {
                    // Or never: the second GOAWAY may leave out all that is open.
                    Awaitility.await()
                            .pollInterval(POLL)
                            .until(() ->
                                    client.waiting() > 0 || open.stream().noneMatch(stream -> isTaken(stream, client)));
                    continue;
                }
                var frame = client.take();
                assertThat(frame.text()).doesNotStartWith("RESET").doesNotContain(":status: 5");
                if (!frame.text().endsWith(" END")) {
                    continue;
                }
                open.remove(frame.stream());
                answered++;
                if (answered == 1_000) {
                    sidecars.serverRelay.drain();
                }
                if (client.goAways.isEmpty()) {
                    open.add(client.begin(Http2Peer.request("GET", "/"), true));
                } else {
                    Awaitility.await().until(() -> client.goAways.size() == 2);
                }
            }

            // Then
            assertThat(client.goAways).hasSize(2);
            Awaitility.await().until(() -> !client.channel().isActive());
        }
    }

    /// Whether a request may be answered: not one above what the server has said at last that it takes.
    private static boolean isTaken(Http2FrameStream stream, Http2Peer client) {
        return client.goAways.size() < 2
                || client.goAways.stream().allMatch(last -> stream.id() > 0 && stream.id() <= Integer.parseInt(last));
    }
}
