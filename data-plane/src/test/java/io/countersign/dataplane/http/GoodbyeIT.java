package io.countersign.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.mesh.config.PortMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// After a goodbye or a fatal alert the socket is closed at once (RFC 8446, section 6), also where the client keeps its
/// end open; and what was said before still arrives.
class GoodbyeIT {
    private static final Duration AT_ONCE = Duration.ofSeconds(2);
    private static final String REQUEST = "GET /headers HTTP/1.1\r\nHost: httpbin.full:8000\r\n\r\n";

    /// Of TLS 1.2, which tells its alerts in clear before its ciphers are in use.
    private static final byte[] UNEXPECTED_MESSAGE = {21, 3, 3, 0, 2, 2, 10};

    private final EchoApp app = EchoApp.start();
    private final TestSidecars sidecars = new TestSidecars(app.port());
    private SSLContext context;

    @BeforeEach
    void strict() throws Exception {
        sidecars.mode = PortMode.STRICT;
        context = MutualTlsForwarder.context(sidecars);
    }

    @AfterEach
    void stop() {
        sidecars.close();
        app.close();
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3, http", "TLSv1.2, http", "TLSv1.3, auto", "TLSv1.3, tcp"})
    void closesAfterTheGoodbyeOfAClientThatHasSaidNothing(String version, String protocol) throws Exception {
        // Given
        sidecars.protocol = protocol.equals("auto") ? "" : protocol;
        try (var tcp = new Socket(InetAddress.getLoopbackAddress(), sidecars.inboundPort());
                var client = handshake(tcp, version)) {
            // When
            client.shutdownOutput();

            // Then
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertClosed(tcp);
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3", "TLSv1.2"})
    void closesAfterTheGoodbyeOfAClientThatWasAnswered(String version) throws Exception {
        // Given
        try (var tcp = new Socket(InetAddress.getLoopbackAddress(), sidecars.inboundPort());
                var client = handshake(tcp, version)) {
            client.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().read()).isEqualTo('H');

            // When
            client.shutdownOutput();

            // Then
            assertThat(client.getInputStream().readAllBytes()).isNotEmpty();
            assertClosed(tcp);
        }
    }

    @Test
    void closesAfterAFatalAlert() throws Exception {
        // Given
        var hello = hello();
        try (var client = new Socket(InetAddress.getLoopbackAddress(), sidecars.inboundPort())) {
            client.getOutputStream().write(hello);
            assertThat(client.getInputStream().read()).isEqualTo(22);

            // When: a record that cannot be decrypted
            client.getOutputStream().write(new byte[] {23, 3, 3, 0, 1, 0});

            // Then
            var told = client.getInputStream().readAllBytes();
            assertThat(told).endsWith(UNEXPECTED_MESSAGE);
            assertClosed(client);
        }
    }

    /// What comes while an alert is on its way must not take it from the client.
    @Test
    void anAlertArrivesAtAClientThatGoesOnSending() throws Exception {
        // Given
        var hello = hello();
        try (var client = new Socket(InetAddress.getLoopbackAddress(), sidecars.inboundPort())) {
            client.getOutputStream().write(hello);

            // When
            for (var record = 0; record < 64; record++) {
                client.getOutputStream().write(new byte[] {23, 3, 3, 0, 1, 0});
            }

            // Then
            var told = client.getInputStream().readAllBytes();
            assertThat(told).endsWith(UNEXPECTED_MESSAGE);
        }
    }

    /// A client whose goodbye leaves its end of the connection open.
    private SSLSocket handshake(Socket tcp, String version) throws IOException {
        var client = (SSLSocket) context.getSocketFactory().createSocket(tcp, "httpbin.full", tcp.getPort(), false);
        client.setEnabledProtocols(new String[] {version});
        var parameters = client.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"istio"});
        client.setSSLParameters(parameters);
        client.startHandshake();
        assertThat(isHeldByTheServer(tcp)).isTrue();
        return client;
    }

    private byte[] hello() throws IOException {
        var engine = context.createSSLEngine("httpbin.full", 8000);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {"TLSv1.2"});
        var parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"istio"});
        engine.setSSLParameters(parameters);
        var record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), record);
        var bytes = new byte[record.flip().remaining()];
        record.get(bytes);
        return bytes;
    }

    private static void assertClosed(Socket client) {
        await().atMost(AT_ONCE).until(() -> !isHeldByTheServer(client));
    }

    /// The kernel's table has an inode for the sockets that a process holds, and 0 for those that were closed.
    private static boolean isHeldByTheServer(Socket client) throws IOException {
        // The server's socket is one of IPv6, with addresses of IPv4 in it.
        var ends = ".*0100007F:%04X [0-9A-F]{24}0100007F:%04X .*".formatted(client.getPort(), client.getLocalPort());
        return Files.readAllLines(Path.of("/proc/net/tcp6")).stream()
                .filter(line -> line.matches(ends))
                .anyMatch(line -> !line.strip().split(" +", -1)[9].equals("0"));
    }
}
