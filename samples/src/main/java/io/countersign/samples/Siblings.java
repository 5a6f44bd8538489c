package io.countersign.samples;

import com.sun.net.httpserver.Headers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The other programs of bookinfo, as one of them asks them.
final class Siblings {
    /// The first request of all meets sidecars that have not shaken hands yet, on any machine.
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /// What makes one trace of the requests that follow from one: sidecars cannot tell which those are.
    private static final List<String> FORWARDED = List.of(
            "x-request-id",
            "traceparent",
            "tracestate",
            "b3",
            "x-b3-traceid",
            "x-b3-spanid",
            "x-b3-parentspanid",
            "x-b3-sampled",
            "x-b3-flags");

    private final HttpClient client;
    private final UnaryOperator<String> authority;

    /// Asks nobody yet.
    ///
    /// @param proxy the sidecar
    /// @param authority from a program's name to its host and port
    Siblings(Optional<URI> proxy, UnaryOperator<String> authority) {
        this.authority = authority;
        var selector = ProxySelector.of(proxy.map(uri -> new InetSocketAddress(uri.getHost(), uri.getPort()))
                .orElse(null));
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .proxy(selector)
                .build();
    }

    /// What a program knows of a book; 500 where it cannot be asked.
    ///
    /// @param cause the headers of the request that leads to this one
    Answer ask(String name, int id, Headers cause) {
        var uri = URI.create("http://" + authority.apply(name) + "/" + name + "/" + id);
        var request = HttpRequest.newBuilder(uri).timeout(LIMIT);
        for (String header : FORWARDED) {
            Optional.ofNullable(cause.getFirst(header)).ifPresent(value -> request.header(header, value));
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return Answer.json(response.statusCode(), response.body());
        } catch (IOException e) {
            System.out.println("bookinfo: " + uri + ": " + e);
            return Answer.empty(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.empty(500);
        }
    }
}
