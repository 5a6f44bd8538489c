package io.countersign.cli;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.testing.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// Answers as config-distributor and policy-service would: what was laid down for a path with its query, one after
/// the other, the last one again and again.
final class StubMesh implements AutoCloseable {
    private static final String NAME = "config-distributor.istio-system.svc";
    private static final String TOKEN = "a-token";

    /// One answer.
    private record Answer(int status, String body) {}

    private final TestAuthority authority = TestAuthority.seeded(1);
    private final Map<String, Deque<Answer>> answers = new HashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpsServer server;

    StubMesh() throws IOException, GeneralSecurityException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls()));
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            var bearer = exchange.getRequestHeaders().getFirst("Authorization");
            var answer = ("Bearer " + TOKEN).equals(bearer)
                    ? next(exchange.getRequestURI().toString())
                    : new Answer(401, "{}");
            var body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    StubMesh answers(String path, int status, String body) {
        synchronized (answers) {
            answers.computeIfAbsent(path, _ -> new ArrayDeque<>()).add(new Answer(status, body));
        }
        return this;
    }

    List<String> asked() {
        return asked;
    }

    Path kubeconfig(Path folder) {
        return kubeconfig(folder, NAME, TOKEN);
    }

    Path kubeconfig(Path folder, String serverName, String token) {
        try {
            var pem = "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder()
                            .encodeToString(authority.certificate().getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
            return Files.writeString(folder.resolve("kubeconfig"), """
                    current-context: c
                    contexts: [{name: c, context: {cluster: config-distributor, user: u}}]
                    clusters:
                    - name: config-distributor
                      cluster: {server: "https://127.0.0.1:%1$d", tls-server-name: %2$s, certificate-authority-data: %3$s}
                    - name: ca-service
                      cluster: {server: "https://127.0.0.1:%1$d", tls-server-name: %2$s, certificate-authority-data: %3$s}
                    users: [{name: u, user: {token: %4$s}}, {name: ca-service, user: {token: %5$s}}]
                    """.formatted(
                            server.getAddress().getPort(),
                            serverName,
                            Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)),
                            token,
                            TOKEN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("certificate", e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private Answer next(String path) {
        synchronized (answers) {
            var left = answers.get(path);
            if (left == null) {
                return new Answer(404, "{\"title\":\"nothing at " + path + "\"}");
            }
            return left.size() > 1 ? left.removeFirst() : left.getFirst();
        }
    }

    private SSLContext tls() throws GeneralSecurityException, IOException {
        var svid = authority
                .leaf(SpiffeId.parse("spiffe://cluster.local/ns/istio-system/sa/config-distributor"))
                .dnsName(NAME)
                .issue();
        var password = new char[0];
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, password);
        store.setKeyEntry("server", svid.key(), password, new Certificate[] {svid.leaf()});
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
