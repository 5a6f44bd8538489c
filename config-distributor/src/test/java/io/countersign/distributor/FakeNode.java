package io.countersign.distributor;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.countersign.identity.SpiffeTrustManager;
import io.countersign.identity.SvidKeyManager;
import io.countersign.identity.SvidVerifier;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.identity.SpiffeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// A node that config-distributor, and nobody else, may ask over mutual TLS.
final class FakeNode implements AutoCloseable {
    private final HttpsServer server;

    private FakeNode(HttpsServer server) {
        this.server = server;
    }

    /// @param pages what is answered at which path
    static FakeNode start(SpiffeId identity, Map<String, String> pages) throws IOException, GeneralSecurityException {
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var context = mutual(identity);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters connection) {
                var parameters = context.getDefaultSSLParameters();
                parameters.setNeedClientAuth(true);
                connection.setSSLParameters(parameters);
            }
        });
        pages.forEach((path, page) -> server.createContext(path, exchange -> {
            try (exchange) {
                var body = page.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }));
        server.start();
        return new FakeNode(server);
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static SSLContext mutual(SpiffeId identity) throws GeneralSecurityException {
        var leaf = MeshRecords.AUTHORITY.leaf(identity).issue();
        var keys = new SvidKeyManager();
        keys.use(X509Svid.of(leaf.chain(), leaf.key()));
        var verifier = new SvidVerifier(MeshRecords.AUTHORITY.bundle(identity.trustDomain(), 1));
        var trust = new SpiffeTrustManager(
                (chain, usage) -> verifier.verify(chain, usage, Instant.now(), RestrictedBus.SPIFFE_ID::equals));
        var context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
        return context;
    }
}
