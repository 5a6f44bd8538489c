package io.countersign.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.dataplane.RawApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.mesh.config.PortMode;
import io.countersign.testing.TestSvid;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

/// What becomes of every kind of call, on real sockets. `http` and `raw` say how the application was spoken to, `mtls+`
/// that mutual TLS was ended before it, `reset` is a TCP RST, `refused` a TLS alert; who has to wait is `held`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdmissionTableIT {
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int HELD_MILLIS = 400;
    private static final byte TLS_HANDSHAKE = 22;
    private static final String FORGED = "forged";
    private static final byte[] HTTP1 =
            ascii("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Client-Cert: " + FORGED + "\r\n\r\n");
    private static final byte[] RAW = ascii("hello, server\n");
    /// The preface, an empty SETTINGS frame, and GET / for a.
    private static final byte[] HTTP2 = ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\0\0\0\4\0\0\0\0\0"
            + "\0\0\6\1\5\0\0\0\1" + "\u0082\u0086\u0084A\1a");
    private static final int HTTP2_OWN = 33;
    private static final List<String> KINDS = List.of(
            "h1",
            "h2c",
            "raw",
            "greeted",
            "silent",
            "mesh h1",
            "mesh h2",
            "mesh raw",
            "tls",
            "tls anonymous",
            "mesh anonymous");

    private final RawApp app = RawApp.start();
    private final TestSidecars sidecars = new TestSidecars(app.port());
    private final BlockingQueue<Boolean> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private volatile boolean greets;

    AdmissionTableIT() {
        var _ = app.serving(socket -> {
            accepted.add(true);
            if (greets) {
                socket.getOutputStream().write('g');
            }
            var what = spokenTo(socket.getInputStream());
            if (!what.isEmpty()) {
                seen.add(what);
            }
            return what;
        });
    }

    @AfterAll
    void stop() {
        sidecars.close();
        app.close();
    }

    @BeforeEach
    void forget() {
        greets = false;
        accepted.clear();
        seen.clear();
    }

    @ParameterizedTest
    @CsvSource({
        //                h1     h2c    raw    greeted silent   mesh h1    mesh h2    mesh raw   tls        anonymous
        // mesh anonymous
        "DISABLE,    '',   http,  http,  raw,   greeted, dialled, raw,       raw,       raw,       raw,       raw,      raw",
        "DISABLE,    http, http,  http,  reset, held,    held,    reset,     reset,     reset,     reset,     reset,    reset",
        "DISABLE,    tcp,  raw,   raw,   raw,   greeted, dialled, raw,       raw,       raw,       raw,       raw,      raw",
        "OPEN,       '',   http,  http,  raw,   greeted, dialled, mtls+http, mtls+http, mtls+raw,  raw,       raw,      refused",
        "OPEN,       http, http,  http,  reset, held,    held,    mtls+http, mtls+http, reset,     reset,     reset,    refused",
        "OPEN,       tcp,  raw,   raw,   raw,   greeted, dialled, mtls+raw,  mtls+raw,  mtls+raw,  raw,       raw,      refused",
        "PERMISSIVE, '',   http,  http,  raw,   greeted, dialled, mtls+http, mtls+http, mtls+raw,  raw,       raw,      refused",
        "PERMISSIVE, http, http,  http,  reset, held,    held,    mtls+http, mtls+http, reset,     reset,     reset,    refused",
        "PERMISSIVE, tcp,  raw,   raw,   raw,   greeted, dialled, mtls+raw,  mtls+raw,  mtls+raw,  raw,       raw,      refused",
        "STRICT,     '',   reset, reset, reset, held,    held,    mtls+http, mtls+http, mtls+raw,  mtls+http, refused,  refused",
        "STRICT,     http, reset, reset, reset, held,    held,    mtls+http, mtls+http, reset,     mtls+http, refused,  refused",
        "STRICT,     tcp,  reset, reset, reset, held,    held,    mtls+raw,  mtls+raw,  mtls+raw,  mtls+raw,  refused,  refused",
    })
    void modeProtocolAndKindOfCallDecide(ArgumentsAccessor row) {
        // Given
        sidecars.set(row.get(0, PortMode.class), row.getString(1));

        // When
        var outcomes = new ArrayList<String>();
        var expected = new ArrayList<String>();
        for (var i = 0; i < KINDS.size(); i++) {
            var outcome = row.getString(i + 2);
            expected.add(KINDS.get(i) + ": " + outcome);
            outcomes.add(KINDS.get(i) + ": " + call(KINDS.get(i), outcome.equals("held")));
        }

        // Then
        assertThat(outcomes).isEqualTo(expected);
    }

    /// @param held whether that is expected, for which the wait is short
    private String call(String kind, boolean held) {
        forget();
        greets = kind.equals("greeted");
        var patienceMillis = held ? HELD_MILLIS : TIMEOUT_MILLIS;
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), sidecars.inboundPort())) {
            socket.setSoTimeout(patienceMillis);
            return switch (kind) {
                case "h1" -> plain(socket, HTTP1);
                case "h2c" -> plain(socket, HTTP2);
                case "raw" -> plain(socket, RAW);
                case "greeted" -> socket.getInputStream().read() == 'g' ? "greeted" : "closed";
                case "silent" -> accepted.poll(patienceMillis, TimeUnit.MILLISECONDS) == null ? "held" : "dialled";
                case "mesh h1" -> tls(socket, true, HTTP1, "istio");
                case "mesh h2" -> tls(socket, true, HTTP2, "istio", "h2");
                case "mesh raw" -> tls(socket, true, RAW, "istio");
                case "tls" -> tls(socket, true, HTTP1, "http/1.1");
                case "tls anonymous" -> tls(socket, false, HTTP1, "http/1.1");
                case "mesh anonymous" -> tls(socket, false, HTTP1, "istio");
                default -> throw new IllegalArgumentException(kind);
            };
        } catch (SocketTimeoutException e) {
            return "held";
        } catch (IOException e) {
            var what = seen.poll();
            return what != null ? what : String.valueOf(e.getMessage()).contains("reset") ? "reset" : "refused";
        } catch (InterruptedException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The application closes when it has seen enough; only then, or refused, the client hears something.
    private String plain(Socket socket, byte[] first) throws IOException, InterruptedException {
        socket.getOutputStream().write(first);
        socket.getInputStream().read();
        return outcome();
    }

    private String tls(Socket socket, boolean certified, byte[] first, String... protocols)
            throws IOException, GeneralSecurityException, InterruptedException {
        var factory = context(certified).getSocketFactory();
        try (var tls = (SSLSocket) factory.createSocket(socket, "httpbin", socket.getPort(), true)) {
            var parameters = tls.getSSLParameters();
            parameters.setApplicationProtocols(protocols);
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            tls.getOutputStream().write(first);
            tls.getOutputStream().flush();
            tls.getInputStream().read();
            return "mtls+" + outcome();
        }
    }

    /// What the application saw, which may be a little after the client's first byte.
    private String outcome() throws InterruptedException {
        return String.valueOf(seen.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
    }

    private SSLContext context(boolean certified) throws GeneralSecurityException, IOException {
        var context = SSLContext.getInstance("TLS");
        var svid = sidecars.authority.issue(TestSidecars.SLEEP);
        context.init(certified ? keys(svid) : null, new TrustManager[] {new Anybody()}, null);
        return context;
    }

    private static KeyManager[] keys(TestSvid svid) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("svid", svid.key(), new char[0], svid.chain().toArray(X509Certificate[]::new));
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private static String spokenTo(InputStream in) throws IOException {
        var first = in.read();
        return switch (first) {
            case -1 -> "";
            case 'G' -> head(in).contains(FORGED) ? "raw" : "http";
            case 'P' ->
                Arrays.equals(in.readNBytes(HTTP2_OWN - 1), 0, HTTP2_OWN - 1, HTTP2, 1, HTTP2_OWN) ? "raw" : "http";
            case TLS_HANDSHAKE -> "raw";
            default -> first == RAW[0] ? "raw" : "what is " + first;
        };
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            var b = in.read();
            if (b < 0) {
                break;
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(String text) {
        return Objects.requireNonNull(text).getBytes(StandardCharsets.ISO_8859_1);
    }

    /// The server's certificate is not what is asked here.
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
