package io.countersign.dataplane.http;

import static io.countersign.dataplane.http.RawHttp2.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.ScriptedApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.tls.Offer;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Connections of HTTP/2 that end while requests are on them, and others come: none of these fails.
class ConnectionEndIT {
    private static final int TAKEN = 20;
    private static final int AT_ONCE = 30;

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
}
