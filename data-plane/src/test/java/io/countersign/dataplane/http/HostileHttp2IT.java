package io.countersign.dataplane.http;

import static io.countersign.dataplane.http.RawHttp2.CONTINUATION;
import static io.countersign.dataplane.http.RawHttp2.DATA;
import static io.countersign.dataplane.http.RawHttp2.END_HEADERS;
import static io.countersign.dataplane.http.RawHttp2.END_STREAM;
import static io.countersign.dataplane.http.RawHttp2.HEADERS;
import static io.countersign.dataplane.http.RawHttp2.INITIAL_WINDOW_SIZE;
import static io.countersign.dataplane.http.RawHttp2.PING;
import static io.countersign.dataplane.http.RawHttp2.RST_STREAM;
import static io.countersign.dataplane.http.RawHttp2.SETTINGS;
import static io.countersign.dataplane.http.RawHttp2.WINDOW_UPDATE;
import static io.countersign.dataplane.http.RawHttp2.block;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.SteadyLoad;
import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.mesh.config.PortMode;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients of HTTP/2 that the mesh knows and that mean harm, beside others that mean well: these notice nothing, and
/// those are told to calm down, or held up, or ended, and cost little memory.
class HostileHttp2IT {
    /// Soon enough for a test to wait for its end, and not so soon that a machine that halts ends those who mean well.
    private static final RelaySettings IMPATIENT = new RelaySettings(
            Duration.ofSeconds(20), Duration.ofSeconds(6), Duration.ofHours(1), Duration.ofMinutes(1), 256, 1024);
    private static final long MEMORY_MAX = 64L << 20;
    /// Fewer than a connection takes at once.
    private static final int BATCH = 50;

    private static final byte[] REQUEST =
            block(":method", "GET", ":scheme", "http", ":path", "/headers", ":authority", "a");

    private final EchoApp app = EchoApp.start();
    private final TestSidecars sidecars = new TestSidecars(app.port(), IMPATIENT, TestSidecars.SHORT_DRAIN);
    private SteadyLoad others;
    private RawHttp2 client;
    private long memoryBefore;

    @BeforeEach
    void serveOthers() {
        sidecars.mode = PortMode.STRICT;
        sidecars.offer(PortMode.STRICT);
        others = SteadyLoad.start(sidecars.outboundPort());
        others.awaitAnswers(50);
        client = RawHttp2.connect(sidecars);
        memoryBefore = memory();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        sidecars.close();
        app.close();
    }

    @Test
    void requestsThatAreTakenBackAtOnceEndTheConnection() throws Exception {
        // When
        for (var i = 0; i < 3_000; i++) {
            client.get(2 * i + 1, "/headers").frame(RST_STREAM, 2 * i + 1, 8);
        }
        client.flush();

        // Then
        assertThat(client.readToEnd()).endsWith("goaway ENHANCE_YOUR_CALM");
        assertOthersServed();
    }

    /// Faults on a stream make the server reset it: the same for the application as if the client had.
    @Test
    void requestsThatProvokeAResetEndTheConnection() throws Exception {
        // When
        for (var i = 0; i < 3_000; i++) {
            client.get(2 * i + 1, "/headers").frame(WINDOW_UPDATE, 2 * i + 1, 0);
        }
        client.flush();

        // Then
        assertThat(client.readToEnd()).endsWith("goaway ENHANCE_YOUR_CALM");
        assertOthersServed();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_000})
    void fieldsThatGoOnAndOnEndTheConnection(int piece) throws Exception {
        // Given
        var field = block("x", "y".repeat(20_000));

        // When
        client.frame(HEADERS, END_STREAM, 1, REQUEST);
        for (var i = 0; i < 200; i++) {
            client.frame(CONTINUATION, 0, 1, Arrays.copyOf(field, piece));
        }
        client.flush();

        // Then
        assertThat(client.readToEnd()).last().asString().startsWith("goaway ");
        assertBoundedAndOthersServed();
    }

    /// One field that is told once and meant thousands of times.
    @Test
    void fieldsThatUnfoldToMuchAreRefused() throws Exception {
        // Given
        var block = new ByteArrayOutputStream();
        block.writeBytes(REQUEST);
        // A literal that is kept in the table, at index 62, and that index again and again.
        var kept = block("x", "y".repeat(4_000));
        kept[0] = 0x40;
        block.writeBytes(kept);
        for (var i = 0; i < 10_000; i++) {
            block.write(0x80 | 62);
        }

        // When
        client.frame(HEADERS, END_HEADERS | END_STREAM, 1, block.toByteArray()).flush();

        // Then
        assertThat(client.answer(1)).matches("goaway .*|status 431");
        assertBoundedAndOthersServed();
    }

    @Test
    void aHeaderOfManyFieldsIsRefusedAlone() throws Exception {
        // Given
        var fields = new ByteArrayOutputStream();
        fields.writeBytes(REQUEST);
        for (var i = 0; i < 2_000; i++) {
            fields.writeBytes(block("x" + i % 10, "y"));
        }

        // When
        for (var stream = 1; stream < 101; stream += 2) {
            client.frame(HEADERS, END_HEADERS | END_STREAM, stream, fields.toByteArray());
        }
        client.flush();

        // Then
        for (var stream = 1; stream < 101; stream += 2) {
            assertThat(client.answer(stream)).isEqualTo("status 431");
        }
        assertThat(client.get(101, "/headers").flush().answer(101)).isEqualTo("status 200");
        assertBoundedAndOthersServed();
    }

    @Test
    void emptyPiecesOfABodyEndTheConnection() throws Exception {
        // When
        client.frame(
                HEADERS,
                END_HEADERS,
                1,
                block(":method", "POST", ":scheme", "http", ":path", "/sum", ":authority", "a"));
        for (var i = 0; i < 1_000; i++) {
            client.frame(DATA, 0, 1, new byte[0]);
        }
        client.flush();

        // Then
        assertThat(client.readToEnd()).endsWith("goaway ENHANCE_YOUR_CALM");
        assertOthersServed();
    }

    @ParameterizedTest
    @ValueSource(ints = {SETTINGS, PING})
    void aFloodOfWhatHasToBeAnsweredIsNotTakenWhereAnswersAreNotRead(int type) throws Exception {
        // When
        var batches = new AtomicInteger();
        var _ = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    for (var i = 0; i < 1_000; i++) {
                        if (type == PING) {
                            client.frame(PING, 0, 0, new byte[8]);
                        } else {
                            client.settings(INITIAL_WINDOW_SIZE, i);
                        }
                    }
                    client.flush();
                    batches.incrementAndGet();
                }
            } catch (IOException e) {
                // The end of the connection, at last with this test.
            }
        });
        awaitRest(batches);

        // Then
        assertBoundedAndOthersServed();
    }

    /// Heads of responses are under no window.
    @Test
    void aClientThatReadsNoResponsesGetsNoMore() throws Exception {
        // Given
        assertOthersServed();
        var before = app.requests();

        // When
        var batches = new AtomicInteger();
        var _ = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    var sent = batches.get() * BATCH;
                    for (var i = sent; i < sent + BATCH; i++) {
                        client.get(2 * i + 1, "/field/8000");
                    }
                    client.flush();
                    batches.incrementAndGet();
                    Awaitility.await().until(() -> app.requests() - before == sent + BATCH);
                }
            } catch (IOException | ConditionTimeoutException e) {
                // It gets no more, at last because this test has ended it.
            }
        });
        Awaitility.await().until(() -> batches.get() > 1);
        awaitRest(batches);

        // Then
        others = SteadyLoad.start(sidecars.outboundPort());
        assertBoundedAndOthersServed();
    }

    @Test
    void responsesThatAreNotTakenAreHeldBackAndGivenUp() throws Exception {
        // Given
        client.settings(INITIAL_WINDOW_SIZE, 0);

        // When
        var last = 2 * Http2Hop.STREAMS_MAX - 1;
        for (var stream = 1; stream < last; stream += 2) {
            client.get(stream, "/bytes/500000");
        }
        client.flush();
        awaitHeaders(Http2Hop.STREAMS_MAX - 1);
        // The one that takes a little is the youngest: all that is said to it must be said before it is given up.
        client.get(last, "/bytes/500000").flush();
        awaitHeaders(1);
        var held = memory() - memoryBefore;
        var given = 0;
        for (; given < 50; given++) {
            client.frame(WINDOW_UPDATE, last, 1).flush();
            var frame = client.read();
            while (frame.stream() != last) {
                frame = client.read();
            }
            assertThat(frame.type()).isEqualTo(DATA);
            assertThat(frame.payload().remaining()).isOne();
        }

        // Then
        assertThat(held).isLessThan(MEMORY_MAX);
        assertThat(client.readToEnd())
                .contains("reset CANCEL")
                .noneMatch(text -> text.startsWith("data"))
                .endsWith("goaway NO_ERROR");
        assertOthersServed();
    }

    @Test
    void whoDoesNotGoOnIsEnded() throws Exception {
        // Given one that says nothing after the preface
        try (var trickling = RawHttp2.connect(sidecars)) {
            // When
            trickling.frame(HEADERS, 0, 1, REQUEST).flush();

            // Then
            assertThat(client.readToEnd()).endsWith("goaway NO_ERROR");
            assertThat(trickling.readToEnd()).endsWith("goaway NO_ERROR");
            assertOthersServed();
        }
    }

    private void awaitHeaders(int count) throws IOException {
        for (var opened = 0; opened < count; ) {
            opened += client.read().type() == HEADERS ? 1 : 0;
        }
    }

    private static void awaitRest(AtomicInteger count) {
        var seen = new AtomicInteger(-1);
        Awaitility.await().during(Duration.ofSeconds(1)).until(() -> {
            var now = count.get();
            return seen.getAndSet(now) == now;
        });
    }

    private static long memory() {
        var metric = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
        return metric.usedDirectMemory() + metric.usedHeapMemory();
    }

    private void assertBoundedAndOthersServed() throws InterruptedException {
        assertThat(memory() - memoryBefore).isLessThan(MEMORY_MAX);
        assertOthersServed();
    }

    private void assertOthersServed() throws InterruptedException {
        others.awaitAnswers(50);
        assertThat(others.stop()).isEmpty();
    }
}
