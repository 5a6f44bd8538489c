package io.countersign.dataplane.http;

import io.countersign.dataplane.TestSidecars;
import io.countersign.identity.SvidKeyManager;
import io.countersign.identity.X509Svid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// Takes plaintext connections and leads each to a port of a sidecar, over mutual TLS as `sleep` with HTTP/2.
final class MutualTlsForwarder implements AutoCloseable {
    private final SSLContext context;
    private final int target;
    private final ServerSocket accepts;

    private MutualTlsForwarder(SSLContext context, int target) throws IOException {
        this.context = context;
        this.target = target;
        this.accepts = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    static MutualTlsForwarder to(TestSidecars sidecars, int port) throws IOException, GeneralSecurityException {
        var forwarder = new MutualTlsForwarder(context(sidecars), port);
        Thread.ofVirtual().start(forwarder::accept);
        return forwarder;
    }

    int port() {
        return accepts.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        accepts.close();
    }

    private void accept() {
        while (true) {
            try {
                var client = accepts.accept();
                Thread.ofVirtual().start(() -> forward(client));
            } catch (IOException e) {
                // Closed.
                return;
            }
        }
    }

    private void forward(Socket client) {
        try (client;
                var server =
                        (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), target)) {
            var parameters = server.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"istio", "h2"});
            server.setSSLParameters(parameters);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            server.startHandshake();
            var back = Thread.ofVirtual().start(() -> copy(server, client));
            copy(client, server);
            back.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Until either ends, which ends the other.
    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // The other direction has ended both.
        }
    }

    static SSLContext context(TestSidecars sidecars) throws IOException, GeneralSecurityException {
        var svid = sidecars.authority.issue(TestSidecars.SLEEP);
        var key = new SvidKeyManager();
        key.use(X509Svid.of(svid.chain(), svid.key()));
        var roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("root", sidecars.authority.certificate());
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(roots);
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(new KeyManager[] {key}, trust.getTrustManagers(), null);
        return context;
    }
}
