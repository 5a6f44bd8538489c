package io.countersign.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.cli.Kubeconfig.Endpoint;
import io.countersign.identity.ChainStrength;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/// Asks one of the mesh's services over HTTPS, and says what to do when it does not answer.
final class MeshClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /// A check of a great mesh takes seconds.
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;

    private final String name;
    private final Endpoint endpoint;
    private final HttpClient http;

    /// @param name of the service, for people
    MeshClient(String name, Endpoint endpoint) {
        this.name = name;
        this.endpoint = endpoint;
        var parameters = new SSLParameters();
        endpoint.serverName().ifPresent(server -> parameters.setServerNames(List.of(new SNIHostName(server))));
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .sslContext(tls(endpoint))
                .sslParameters(parameters)
                .build();
    }

    /// Reads a path with its query; [Failure] for every answer but 200.
    JsonNode get(String path) {
        return send(HttpRequest.newBuilder(endpoint.server().resolve(path)));
    }

    /// Asks for a change that needs no words; [Failure] for every answer but 200.
    JsonNode post(String path) {
        return send(HttpRequest.newBuilder(endpoint.server().resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
    }

    private JsonNode send(HttpRequest.Builder prepared) {
        var request = prepared.timeout(ANSWER_TIMEOUT).header("Accept", "application/json, application/problem+json");
        endpoint.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        try {
            return read(http.send(request.build(), BodyHandlers.ofString()));
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new Failure(where() + " is not reachable: is the mesh up? ./dev up", e);
        } catch (HttpTimeoutException e) {
            throw new Failure(where() + " did not answer within " + ANSWER_TIMEOUT.toSeconds() + " s", e);
        } catch (SSLException e) {
            throw new Failure(
                    where() + " does not prove itself by what " + endpoint.file() + " says: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new Failure(where() + " broke off its answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted", e);
        }
    }

    private JsonNode read(HttpResponse<String> response) {
        if (response.statusCode() == UNAUTHORIZED) {
            throw new Failure(where() + " does not accept the token in " + endpoint.file());
        }
        var body = parse(response.body());
        if (response.statusCode() == OK && body.isPresent()) {
            return body.get();
        }
        // RFC 9457 has detail and title, Kubernetes' Status has message.
        throw new Failure(body.stream()
                .flatMap(tree -> Stream.of("detail", "message", "title")
                        .map(field -> tree.path(field).asText("")))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElseGet(() -> where() + " answered " + response.statusCode()));
    }

    private static Optional<JsonNode> parse(String body) {
        try {
            return Optional.of(JSON.readTree(body)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private String where() {
        return name + " at " + endpoint.server();
    }

    private static SSLContext tls(Endpoint endpoint) {
        try {
            var authorities = ChainStrength.trust(
                    endpoint.authorities().isPresent()
                            ? certificates(endpoint.authorities().get())
                            : List.of());
            var context = SSLContext.getInstance("TLS");
            var trust = endpoint.serverName()
                    .<TrustManager>map(server -> new NamedServerTrust(authorities, server))
                    .orElse(authorities);
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new Failure("kubeconfig: certificate authorities in " + endpoint.file() + " are not PEM", e);
        }
    }

    private static List<X509Certificate> certificates(String pem) throws CertificateException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
    }
}
