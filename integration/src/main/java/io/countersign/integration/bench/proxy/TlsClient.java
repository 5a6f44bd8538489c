package io.countersign.integration.bench.proxy;

import io.countersign.identity.IssuedSvid;
import io.countersign.identity.SpiffeTrustManager;
import io.countersign.identity.SvidKeyManager;
import io.countersign.identity.SvidVerifier;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// Opens mutual-TLS connections, each with a full handshake: none resumes a session of another.
final class TlsClient {
    /// What the mesh's clients say of themselves, and what both peers can agree to.
    private static final String[] PROTOCOLS = {"istio", "http/1.1"};

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final SvidKeyManager key = new SvidKeyManager();
    private final SpiffeTrustManager trust;

    TlsClient(IssuedSvid svid) {
        key.use(svid.svid());
        var verifier = new SvidVerifier(svid.bundle());
        trust = new SpiffeTrustManager((chain, usage) -> verifier.verify(chain, usage, Instant.now()));
    }

    /// Connects, proves itself, sends a request and reads the head of its answer: only then has the server checked the
    /// client, too.
    ///
    /// @return the connection, and what is still to be read of the answer
    SSLSocket ask(InetSocketAddress server, String request) throws IOException {
        var socket = (SSLSocket) context().getSocketFactory().createSocket();
        try {
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(PROTOCOLS);
            socket.setSSLParameters(parameters);
            socket.connect(server, Math.toIntExact(TIMEOUT.toMillis()));
            socket.setSoTimeout(Math.toIntExact(TIMEOUT.toMillis()));
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            // It has come in one piece from every one of the proxies.
            if (socket.getInputStream().read(new byte[4096]) < 0) {
                throw new EOFException("no answer");
            }
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private SSLContext context() {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(new KeyManager[] {key}, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS is not to be had", e);
        }
    }
}
