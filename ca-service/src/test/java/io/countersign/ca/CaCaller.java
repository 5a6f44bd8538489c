package io.countersign.ca;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.identity.SpiffeTrustManager;
import io.countersign.identity.SvidKeyManager;
import io.countersign.identity.SvidVerification;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.identity.AuthorityState;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.X509Authority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// Talks to ca-service as anybody could: with any body and any certificate or none.
record CaCaller(URI uri, Optional<X509Svid> shown) {
    static final ObjectMapper JSON = new ObjectMapper();

    record Answer(int status, String mediaType, JsonNode body) {}

    static CaCaller anonymous(URI uri) {
        return new CaCaller(uri, Optional.empty());
    }

    CaCaller showing(X509Svid svid) {
        return new CaCaller(uri, Optional.of(svid));
    }

    static ObjectNode json() {
        return JSON.createObjectNode();
    }

    Answer post(String path, String body, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context())
                .build()) {
            var response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    response.body().isEmpty() ? JSON.missingNode() : JSON.readTree(response.body()));
        }
    }

    private SSLContext context() {
        try {
            var keyManager = new SvidKeyManager();
            shown.ifPresent(keyManager::use);
            var trust = new SpiffeTrustManager((chain, usage) -> new SvidVerification.Valid(
                    SpiffeId.parse("spiffe://cluster.local/anybody"),
                    new X509Authority("any", AuthorityState.ACTIVE, chain.getLast())));
            var context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keyManager}, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
