package io.countersign.dataplane.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.RawClient;
import io.countersign.dataplane.SteadyLoad;
import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.mesh.config.PortMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Strangers who make a node hold what they sent, or what they do not take, beside clients who notice nothing of it.
class ConnectionBoundsIT {
    private static final int FEW = 40;
    private static final long HELD_MAX = 4L << 20;
    private static final int BEGUN = 60_000;
    private static final int MANY = 600;
    private static final ConnectionBounds BOUNDS = new ConnectionBounds(HELD_MAX, Duration.ofSeconds(3), FEW);

    private final EchoApp app = EchoApp.start();
    private final Queue<Shed> shed = new ConcurrentLinkedQueue<>();
    private final List<RawClient> strangers = new ArrayList<>();
    private TestSidecars sidecars;
    private SteadyLoad others;

    @BeforeEach
    void serveOthers() {
        serve(new ConnectionBounds(HELD_MAX, Duration.ofMinutes(1), 20_000));
    }

    @AfterEach
    void stop() throws IOException {
        for (var each : strangers) {
            each.close();
        }
        sidecars.close();
        app.close();
    }

    static Stream<byte[]> beginnings() {
        var longField = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
        var manyFields = "GET / HTTP/1.1\r\nHost: a\r\n" + "a:b\r\n".repeat(BEGUN / 5);
        var afterAnother = "GET / HTTP/1.1\r\nHost: a\r\n\r\n" + longField;
        var trailers = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ";
        var behindAnAnswer = "GET /bytes/4000000 HTTP/1.1\r\nHost: a\r\n\r\n" + "GET / HTTP/1.1\r\n\r\n".repeat(3_000);
        return Stream.of(
                behindAnAnswer.getBytes(StandardCharsets.US_ASCII),
                filled(longField.getBytes(StandardCharsets.US_ASCII)),
                manyFields.getBytes(StandardCharsets.US_ASCII),
                filled(afterAnother.getBytes(StandardCharsets.US_ASCII)),
                filled(trailers.getBytes(StandardCharsets.US_ASCII)),
                fields(),
                hello());
    }

    @ParameterizedTest
    @MethodSource("beginnings")
    void whatIsNotWholeTakesNoMoreThanItsPart(byte[] begun) throws Exception {
        // Given, When
        for (var i = 0; i < MANY; i++) {
            send(begun);
        }

        // Then the first of them are gone, the last are not
        Awaitility.await().until(() -> count(Shed.MEMORY) > MANY / 2);
        assertThat(sidecars.loops.heldBytes()).isLessThan(HELD_MAX + HELD_MAX / 8);
        assertThat(isOpen(strangers.getFirst())).isFalse();
        assertThat(isOpen(strangers.getLast())).isTrue();
        assertOthersServed();
    }

    @Test
    void answersThatAreNotTakenHaveABoundTogether() throws Exception {
        // Given, When
        for (var i = 0; i < MANY; i++) {
            send("GET /bytes/8000000 HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }

        // Then
        Awaitility.await().until(() -> count(Shed.MEMORY) > 0);
        Awaitility.await().until(() -> sidecars.loops.heldBytes() < HELD_MAX + HELD_MAX / 8);
        assertOthersServed();
    }

    @Test
    void aHeadIsNotWaitedForHoweverLittleItHolds() throws Exception {
        // Given
        restart(BOUNDS);
        var slow = send("GET / HTTP/1.1\r\nHost: a\r\nX".getBytes(StandardCharsets.US_ASCII));
        var next =
                send("GET /headers HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nH".getBytes(StandardCharsets.US_ASCII));
        var idle = send("GET /headers HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        // When
        Awaitility.await().until(() -> count(Shed.HEAD_TIMEOUT) == 2);

        // Then
        assertThat(isOpen(slow)).isFalse();
        assertThat(next.readResponse()).startsWith("HTTP/1.1 200");
        assertThat(idle.readResponse()).startsWith("HTTP/1.1 200");
        idle.send("GET /headers HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(idle.readResponse()).startsWith("HTTP/1.1 200");
        assertOthersServed();
    }

    @Test
    void theIdleMakeRoomForNewConnections() throws Exception {
        // Given
        restart(BOUNDS);
        for (var i = 0; i < FEW; i++) {
            send("GET /headers HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
                    .readResponse();
        }

        // When
        for (var i = 0; i < FEW; i++) {
            assertThat(send("GET /headers HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
                            .readResponse())
                    .startsWith("HTTP/1.1 200");
        }

        // Then
        assertThat(count(Shed.CONNECTIONS)).isPositive();
        assertThat(isOpen(strangers.getFirst())).isFalse();
    }

    private void restart(ConnectionBounds bounds) throws InterruptedException {
        others.stop();
        sidecars.close();
        serve(bounds);
    }

    private void serve(ConnectionBounds bounds) {
        sidecars = new TestSidecars(app.port(), RelaySettings.DEFAULTS, TestSidecars.SHORT_DRAIN, bounds);
        sidecars.loops.onShed(shed::add);
        sidecars.mode = PortMode.PERMISSIVE;
        others = SteadyLoad.start(sidecars.outboundPort());
        others.awaitAnswers(50);
    }

    private void assertOthersServed() throws InterruptedException {
        others.awaitAnswers(50);
        assertThat(others.stop()).isEmpty();
    }

    private int count(Shed why) {
        return Collections.frequency(shed, why);
    }

    private RawClient send(byte[] bytes) {
        var client = new RawClient(sidecars.inboundPort());
        strangers.add(client);
        try {
            // What the kernel holds is not the node's.
            client.socket().setReceiveBufferSize(4 * 1024);
            client.socket().getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return client;
    }

    private static boolean isOpen(RawClient client) {
        try {
            client.socket().setSoTimeout(200);
            for (var next = client.in().read(); next >= 0; next = client.in().read()) {
                // What was said before.
            }
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static byte[] filled(byte[] begun) {
        var bytes = new byte[BEGUN];
        Arrays.fill(bytes, (byte) 'x');
        System.arraycopy(begun, 0, bytes, 0, begun.length);
        return bytes;
    }

    /// HTTP/2: a block of fields in four frames, without its end.
    private static byte[] fields() {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(frame(4, 0, new byte[0]));
        bytes.writeBytes(frame(1, 1, new byte[BEGUN / 4]));
        for (var i = 0; i < 3; i++) {
            bytes.writeBytes(frame(9, 1, new byte[BEGUN / 4]));
        }
        return bytes.toByteArray();
    }

    private static byte[] frame(int type, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) 0)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /// TLS: the most that a record has, but for its end, of a hello.
    private static byte[] hello() {
        var hello = ByteBuffer.allocate(16_000);
        hello.put((byte) 22)
                .putShort((short) 0x0301)
                .putShort((short) 16_384)
                .put((byte) 1)
                .putShort((short) 0x003F);
        return hello.array();
    }
}
