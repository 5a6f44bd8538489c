package io.countersign.dataplane.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.dataplane.RawApp;
import io.countersign.dataplane.RawClient;
import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.mesh.config.PortMode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Bytes through two sidecars, over mutual TLS.
class RawRelayIT {
    private static final String GREETING = "5.5.5-greeter\n";
    private static final long PATIENCE_SECONDS = 30;
    private static final int BULK = 24 * 1024 * 1024;

    private final RawApp app = RawApp.start();
    private final TestSidecars sidecars =
            new TestSidecars(app.port(), RelaySettings.DEFAULTS, TestSidecars.SHORT_DRAIN);

    @BeforeEach
    void declareTcp() {
        sidecars.set(PortMode.STRICT, "tcp");
    }

    @AfterEach
    void stop() {
        sidecars.close();
        app.close();
    }

    @ParameterizedTest
    @CsvSource({"PERMISSIVE,''", "PERMISSIVE,mysql", "STRICT,''", "STRICT,tcp", "DISABLE,''", "DISABLE,tcp"})
    void aServerMaySpeakFirst(PortMode mode, String protocol) throws Exception {
        // Given an application that may be asked in vain: a sidecar dials it when the first bytes are late
        sidecars.set(mode, protocol);
        var heard = new CompletableFuture<String>();
        var _ = app.serving(socket -> {
            socket.getOutputStream().write(GREETING.getBytes(StandardCharsets.US_ASCII));
            var word = new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
            return !word.isEmpty() && heard.complete(word);
        });

        // When
        String greeting;
        try (var client = new RawClient(sidecars.capturedPort())) {
            greeting = new String(client.in().readNBytes(GREETING.length()), StandardCharsets.US_ASCII);
            client.send("login");
            heard.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        // Then
        assertThat(greeting).isEqualTo(GREETING);
        assertThat(heard).isCompletedWithValue("login");
    }

    @Test
    void bytesThatComeRightAfterConnectArriveThoughTheServerLeavesAtOnce() throws Exception {
        // Given
        var _ = app.serving(socket -> {
            socket.getOutputStream().write(GREETING.getBytes(StandardCharsets.US_ASCII));
            return socket;
        });

        // When
        var heard = new ArrayList<String>();
        for (var i = 0; i < 50; i++) {
            try (var client = new RawClient(sidecars.outboundPort())) {
                client.send("CONNECT httpbin.full:8000 HTTP/1.1\r\nHost: httpbin.full:8000\r\n\r\n");
                heard.add(client.readHead().substring(0, 13) + client.readAll());
            }
        }

        // Then
        assertThat(heard).containsOnly("HTTP/1.1 200 " + GREETING);
    }

    @Test
    void theClientMayEndFirstAndStillHear() throws Exception {
        // Given
        var heard = app.serving(socket -> {
            var all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            socket.getOutputStream().write(("heard " + all).getBytes(StandardCharsets.US_ASCII));
            return all;
        });

        // When
        String answer;
        try (var client = new RawClient(sidecars.capturedPort())) {
            client.send("all");
            client.socket().shutdownOutput();
            answer = client.readAll();
        }

        // Then
        assertThat(heard.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("all");
        assertThat(answer).isEqualTo("heard all");
    }

    @Test
    void theServerMayEndFirstAndStillHear() throws Exception {
        // Given
        var heard = app.serving(socket -> {
            socket.getOutputStream().write("that is all".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        });

        // When
        String said;
        try (var client = new RawClient(sidecars.capturedPort())) {
            said = client.readAll();
            client.send("goodbye");
        }

        // Then
        assertThat(said).isEqualTo("that is all");
        assertThat(heard.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("goodbye");
    }

    @Test
    void aResetOfTheClientReachesTheServer() throws Exception {
        // Given
        var begun = new CompletableFuture<Void>();
        var heard = app.serving(socket -> {
            socket.getInputStream().read();
            begun.complete(null);
            return socket.getInputStream().read();
        });

        // When
        try (var client = new RawClient(sidecars.capturedPort())) {
            client.send("a");
            begun.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            client.socket().setSoLinger(true, 0);
        }

        // Then
        assertThatThrownBy(() -> heard.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .hasCauseInstanceOf(SocketException.class);
    }

    @Test
    void aResetOfTheServerReachesTheClient() throws Exception {
        // Given
        var _ = app.serving(socket -> {
            socket.getInputStream().read();
            socket.setSoLinger(true, 0);
            return "";
        });

        // Then
        try (var client = new RawClient(sidecars.capturedPort())) {
            client.send("a");
            assertThatThrownBy(() -> client.in().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void connectionsEndWithTheCertificatesThatTheyWereMadeWith() throws Exception {
        // Given
        var heard = app.serving(socket -> {
            socket.getOutputStream().write(socket.getInputStream().read());
            return socket.getInputStream().read();
        });

        // When
        try (var client = new RawClient(sidecars.capturedPort())) {
            client.send("a");
            client.in().readNBytes(1);
            sidecars.serverAhead = Duration.ofDays(2);

            // Then both hear the end of it, and no reset
            assertThat(client.in().read()).isEqualTo(-1);
        }
        assertThat(heard.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(-1);
    }

    @Test
    void muchGoesBothWaysAtOnceAndNothingIsLost() throws Exception {
        // Given
        var heard = app.serving(RawRelayIT::exchange);

        // When
        String answered;
        try (var client = new RawClient(sidecars.capturedPort())) {
            answered = exchange(client.socket());
        }

        // Then
        assertThat(answered).isEqualTo(sum(bulk()));
        assertThat(heard.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(sum(bulk()));
    }

    @Test
    void aReaderThatRestsHoldsUpTheWriter() throws Exception {
        // Given
        var written = new CompletableFuture<Integer>();
        var _ = app.serving(socket -> {
            socket.setSoTimeout(1_000);
            var count = 0;
            var channel = socket.getOutputStream();
            var piece = new byte[64 * 1024];
            var before = System.nanoTime();
            while (count < 8 * BULK && System.nanoTime() - before < TimeUnit.SECONDS.toNanos(5)) {
                channel.write(piece);
                count += piece.length;
                written.obtrudeValue(count);
            }
            return count;
        });

        // When
        int held;
        try (var client = new RawClient(sidecars.capturedPort())) {
            client.in().readNBytes(1);
            org.awaitility.Awaitility.await()
                    .during(Duration.ofMillis(500))
                    .until(written::join, count -> count < 8 * BULK);
            held = written.join();
        }

        // Then
        // The kernel takes some megabytes for each of the three connections.
        assertThat(held).isLessThan(4 * BULK);
    }

    private static String exchange(Socket socket) throws Exception {
        var writer = Thread.ofVirtual().start(() -> {
            try {
                socket.getOutputStream().write(bulk());
                socket.shutdownOutput();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        try (var in = new DigestInputStream(socket.getInputStream(), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            writer.join();
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        }
    }

    private static byte[] bulk() {
        var bytes = new byte[BULK];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static String sum(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
