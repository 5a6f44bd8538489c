package io.countersign.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.RawClient;
import io.countersign.dataplane.SteadyLoad;
import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.loop.ConnectionBounds;
import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.mesh.config.PortMode;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that mean harm, beside clients that mean well: these notice nothing, and those get little for their bytes.
class HostileInputIT {
    /// Soon enough for a test to wait for its end, and not so soon that a machine that halts ends those who mean well.
    private static final RelaySettings IMPATIENT = new RelaySettings(
            Duration.ofSeconds(20), Duration.ofSeconds(6), Duration.ofHours(1), Duration.ofMinutes(1), 256, 1024);
    private static final long MEMORY_MAX = 64L << 20;
    /// After the first bytes had their time.
    private static final Duration HEAD_TIMEOUT = InboundConnection.FIRST_BYTES_TIMEOUT.plusSeconds(1);

    private static final int FLOOD = 1_000;
    private static final int MUTATIONS = 200;

    private final EchoApp app = EchoApp.start();
    private final TestSidecars sidecars = new TestSidecars(
            app.port(),
            IMPATIENT,
            TestSidecars.SHORT_DRAIN,
            new ConnectionBounds(4 * MEMORY_MAX, HEAD_TIMEOUT, 2 * FLOOD));
    private SteadyLoad others;

    @BeforeEach
    void serveOthers() {
        sidecars.mode = PortMode.STRICT;
        sidecars.offer(PortMode.STRICT);
        others = SteadyLoad.start(sidecars.outboundPort());
        others.awaitAnswers(50);
    }

    @AfterEach
    void stop() {
        sidecars.close();
        app.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"STRICT", "PERMISSIVE"})
    void aMalformedClientHelloIsNeverAnsweredByTheApplication(PortMode mode) throws Exception {
        // Given
        sidecars.mode = mode;
        var hellos = Stream.concat(brokenHellos(), mutatedHellos()).toList();

        // When
        var answers = new ArrayList<String>();
        for (var hello : hellos) {
            answers.add(answerTo(hello));
        }

        // Then an alert, a part of a handshake that does not end, or nothing
        assertThat(answers)
                .allMatch(answer -> answer.isEmpty() || answer.charAt(0) == 0x15 || answer.charAt(0) == 0x16);
        assertOthersServed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1\r\nHost: a\r\nX: ", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nX: "})
    void aHeadThatTricklesInIsNotWaitedFor(String begin) throws Exception {
        // Given
        sidecars.mode = PortMode.PERMISSIVE;
        var trickling = open(50);

        // When
        for (var client : trickling) {
            client.send(begin);
        }
        var ended = IntStream.range(0, trickling.size())
                .mapToObj(_ -> false)
                .collect(ArrayList<Boolean>::new, List::add, List::addAll);
        Awaitility.await().pollInterval(Duration.ofMillis(200)).until(() -> {
            for (int i = 0; i < trickling.size(); i++) {
                ended.set(i, ended.get(i) || !takes(trickling.get(i), "y"));
            }
            return !ended.contains(false);
        });

        // Then
        assertOthersServed();
        close(trickling);
    }

    /// Those that say nothing at all, to a server that does not either, are waited for and read when they speak.
    @Test
    void aFloodOfHalfOpenConnectionsEndsByItself() throws Exception {
        // Given
        sidecars.set(PortMode.PERMISSIVE, "");
        var silent = List.of(new RawClient(sidecars.inboundPort()), new RawClient(sidecars.capturedPort()));
        var lateBeginner = new RawClient(sidecars.inboundPort());
        var before = memory();

        // When
        var flood = open(FLOOD);
        for (int i = 0; i < FLOOD; i++) {
            flood.get(i).send(i % 2 == 0 ? "\u0016\u0003\u0001" : "GET /");
        }
        others.awaitAnswers(200);
        var during = memory();
        for (var client : flood) {
            client.socket()
                    .setSoTimeout(Math.toIntExact(InboundConnection.FIRST_BYTES_TIMEOUT
                            .multipliedBy(2)
                            .toMillis()));
            assertThat(readToEnd(client)).isEmpty();
        }

        // Then
        assertThat(during - before).isLessThan(MEMORY_MAX);
        lateBeginner.send("GE");
        assertThat(readToEnd(lateBeginner)).isEmpty();
        for (var client : silent) {
            client.send("GET /headers HTTP/1.1\r\nHost: a\r\nX-Forwarded-Client-Cert: forged\r\n\r\n");
            assertThat(client.readResponse()).startsWith("HTTP/1.1 200").doesNotContain("forged");
            client.close();
        }
        assertOthersServed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /", "GET / HTTP/1.1\r\nHost: a\r\nX: ", "GET / HTTP/1.1\r\nHost: a\r\n"})
    void anEndlessHeadIsCutOff(String begin) throws Exception {
        // Given
        sidecars.mode = PortMode.PERMISSIVE;
        var piece = begin.endsWith("\r\n") ? "X-Y: z\r\n".repeat(1_000) : "y".repeat(8_000);
        var before = memory();

        // When
        String answer;
        long grown;
        try (var client = new RawClient(sidecars.inboundPort())) {
            client.send(begin);
            Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> !takes(client, piece));
            grown = memory() - before;
            answer = readToEnd(client);
        }

        // Then
        assertThat(answer).matches("(?s)|HTTP/1\\.1 (414|431) .*");
        assertThat(grown).isLessThan(MEMORY_MAX);
        assertOthersServed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\nGET /smuggled",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\nGET /smuggled",
                "POST / HTTP/1.1\r\nHost: a\r\nX: 1\r\n Transfer-Encoding: chunked\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\nGET /smuggled",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;\n\r\nhello\r\n0\r\n\r\nGET /smuggled",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\nGET /smuggled",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\nGET /smuggled",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\nhello\r\n0\r\n\r\nGET /smuggled",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0005x\r\n\r\nhelloGET /smuggled",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\nGET /smuggled",
                "GET / HTTP/1.1\nHost: a\n\nGET /smuggled",
                "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\nGET /smuggled",
                "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\nGET /smuggled",
                "GET / HTTP/1.1\r\n Host: b\r\nHost: a\r\n\r\nGET /smuggled",
                "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\nGET /smuggled",
                "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\nGET /smuggled",
            })
    void nothingIsSmuggledBehindARequestThatCanBeReadInTwoWays(String begin) throws Exception {
        // Given
        sidecars.mode = PortMode.PERMISSIVE;

        // When
        var answer = answerTo((begin + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));

        // Then it ends with the first request, if that is answered at all
        assertThat(answer).doesNotContain("/smuggled");
        assertOthersServed();
    }

    private static Stream<byte[]> brokenHellos() {
        return Stream.of(
                        "1603010000", // a record of nothing
                        "160301ffff01000000", // longer than a record may be
                        "16030100040b000000", // another handshake message
                        "160301000401ffffff", // 16 MiB to come
                        "1603010005010000010303", // shorter than what it holds
                        "1603010026" + "01000022" + "0303" + "00".repeat(32) + "ff", // a session of more than there is
                        "1503010002022a", // an alert
                        "170303000568656c6c6f", // data
                        "1604010005")
                .map(HexFormat.of()::parseHex);
    }

    /// A good one with some of its bytes changed.
    private static Stream<byte[]> mutatedHellos() throws NoSuchAlgorithmException, SSLException {
        var engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        var parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"istio"});
        engine.setSSLParameters(parameters);
        var wrapped = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), wrapped);
        var good = new byte[wrapped.flip().remaining()];
        wrapped.get(good);
        var random = new Random(1);
        return IntStream.range(0, MUTATIONS).mapToObj(_ -> {
            var bad = good.clone();
            for (int i = 0; i < 4; i++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            return bad;
        });
    }

    private String answerTo(byte[] bytes) throws IOException {
        try (var client = new RawClient(sidecars.inboundPort())) {
            client.send(new String(bytes, StandardCharsets.ISO_8859_1));
            client.socket().shutdownOutput();
            return readToEnd(client);
        }
    }

    /// What comes until the connection ends in any way; a connection that stays open is a failure.
    private static String readToEnd(RawClient client) throws IOException {
        try {
            return client.readAll();
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean takes(RawClient client, String text) {
        try {
            client.send(text);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private List<RawClient> open(int count) {
        return Stream.generate(() -> new RawClient(sidecars.inboundPort()))
                .limit(count)
                .toList();
    }

    private static void close(List<RawClient> clients) throws IOException {
        for (var client : clients) {
            client.close();
        }
    }

    private static long memory() {
        var metric = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
        return metric.usedDirectMemory() + metric.usedHeapMemory();
    }

    private void assertOthersServed() throws InterruptedException {
        others.awaitAnswers(50);
        assertThat(others.stop()).isEmpty();
    }
}
