package io.countersign.local.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.identity.SpiffeTrustManager;
import io.countersign.local.plan.JoinTokenRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// Asks ca-service for join tokens, with the administrator's token and over TLS that it has checked.
public final class CaClient implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI joinTokens;
    private final String adminToken;
    private final HttpClient client;

    /// A client that speaks to nobody yet.
    ///
    /// @param ca its base address, `https://…`
    public CaClient(URI ca, CaTrust trust, String adminToken) {
        this.joinTokens = ca.resolve("/v1/join-tokens");
        this.adminToken = adminToken;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .sslContext(context(trust))
                .build();
    }

    /// A new token, to be written where its one reader finds it.
    public String joinToken(JoinTokenRequest asked) {
        try {
            var body = Map.of("spiffeId", asked.spiffeId(), "nodeId", asked.nodeId(), "dnsNames", asked.dnsNames());
            var request = HttpRequest.newBuilder(joinTokens)
                    .timeout(LIMIT)
                    .header("Authorization", "Bearer " + adminToken)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                    .build();
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 201) {
                throw new IllegalStateException("join token for " + asked.nodeId() + ": ca-service answered "
                        + response.statusCode() + " " + response.body() + " (expected: 201)");
            }
            return JSON.readTree(response.body()).path("token").asText();
        } catch (IOException e) {
            throw new UncheckedIOException("join token for " + asked.nodeId(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while ca-service was asked", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private static SSLContext context(CaTrust trust) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new SpiffeTrustManager(trust)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS is not to be had", e);
        }
    }
}
