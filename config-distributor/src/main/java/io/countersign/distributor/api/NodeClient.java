package io.countersign.distributor.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.controlplane.RequestRefused;
import io.countersign.controlplane.ServiceIdentity;
import io.countersign.mesh.distribution.NodeReport;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks a node what it has loaded, over mutual TLS: at the address of its report, and only the identity that signed it.
@Singleton
class NodeClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
    /// Ten times what a node says of a thousand services.
    private static final long ANSWER_MAX = 16L * 1024 * 1024;

    private static final int OK = 200;

    private final ServiceIdentity identity;

    NodeClient(@Identifier(ServiceIdentity.TLS_CONFIGURATION) ServiceIdentity identity) {
        this.identity = identity;
    }

    /// The node's own JSON; [RequestRefused] when it does not answer, or another one does.
    JsonNode ask(NodeReport report, String page) {
        if (report.admin().isEmpty()) {
            throw unreachable(report, "has no address for it");
        }
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .sslContext(identity.towards(report.identity()))
                .build();
        try {
            var request = HttpRequest.newBuilder(URI.create("https://" + report.admin() + "/" + page))
                    .build();
            var whole = BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), ANSWER_MAX);
            // The request's own timeout ends with the headers; a node may stall after them.
            var answer = client.sendAsync(request, whole).get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() != OK) {
                throw unreachable(report, "answered " + answer.statusCode());
            }
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw unreachable(report, "answered no JSON");
        } catch (ExecutionException e) {
            throw unreachable(report, "not reached: " + e.getCause());
        } catch (TimeoutException | IllegalArgumentException e) {
            throw unreachable(report, "not reached: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(report, "interrupted");
        } finally {
            client.shutdownNow();
        }
    }

    private static RequestRefused unreachable(NodeReport report, String why) {
        return new RequestRefused(
                ErrorCode.NODE_UNREACHABLE, "node " + report.node().value() + " " + report.admin() + ": " + why);
    }
}
