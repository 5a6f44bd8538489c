package io.countersign.dataplane.admin;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// Serves `/ready`, `/certs`, `/config_dump`, `/stats` and `/stats/prometheus` on the admin address and
/// `/healthz/ready` on the health address. Read-only; says no secret.
public final class AdminServer {
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    private final Observed observed;
    private final Map<String, Page> pages;
    /// Held here: a server without a reference is closed by the garbage collector.
    private final HttpServer admin;

    private final HttpServer health;
    private volatile boolean started;

    /// Servers that are not yet bound.
    ///
    /// @param certificates where the certificates are kept as files
    public AdminServer(Vertx vertx, Observed observed, Optional<Path> certificates, InstantSource clock) {
        this.observed = observed;
        var certs = new CertsPage(observed.tls(), certificates, clock);
        var stats = new StatsPage(observed, clock);
        pages = Map.of(
                "/certs", new Page(JSON, certs::json),
                "/config_dump",
                        new Page(JSON, () -> ConfigDump.json(observed.view().current())),
                "/stats", new Page(TEXT, stats::prometheus),
                "/stats/prometheus", new Page(TEXT, stats::prometheus));
        admin = vertx.createHttpServer().requestHandler(this::answerAdmin);
        health = vertx.createHttpServer().requestHandler(this::answerHealth);
    }

    /// Binds both addresses, and waits for it.
    ///
    /// @throws UncheckedIOException that names the address which cannot be bound
    public void start(InetSocketAddress adminAddress, InetSocketAddress healthAddress) {
        bind(admin, adminAddress);
        bind(health, healthAddress);
    }

    /// Whether the node has begun, and not ended, to serve. Ready is a node that also has a valid certificate.
    public void ready(boolean serving) {
        started = serving;
    }

    private static void bind(HttpServer server, InetSocketAddress address) {
        try {
            server.listen(address.getPort(), address.getHostString())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new UncheckedIOException(
                    "listen address " + address.getHostString() + ":" + address.getPort() + " cannot be bound",
                    new IOException(e.getCause()));
        }
    }

    private void answerAdmin(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET)) {
            answer(request, NOT_ALLOWED, TEXT, "only GET\n");
        } else if ("/ready".equals(request.path())) {
            answerReady(request);
        } else {
            var page = pages.get(String.valueOf(request.path()));
            if (page == null) {
                answer(request, NOT_FOUND, TEXT, "one of /ready " + String.join(" ", pages.keySet()) + "\n");
            } else {
                answer(request, OK, page.type, page.content.get());
            }
        }
    }

    private void answerHealth(HttpServerRequest request) {
        if ("/healthz/ready".equals(request.path())) {
            answerReady(request);
        } else {
            answer(request, NOT_FOUND, TEXT, "/healthz/ready\n");
        }
    }

    private void answerReady(HttpServerRequest request) {
        if (!started) {
            answer(request, UNAVAILABLE, TEXT, "not serving\n");
        } else if (observed.tls().current().isEmpty()) {
            answer(request, UNAVAILABLE, TEXT, "no valid certificate\n");
        } else {
            answer(request, OK, TEXT, "ready\n");
        }
    }

    private static void answer(HttpServerRequest request, int status, String type, String body) {
        request.response().setStatusCode(status).putHeader("content-type", type).end(body);
    }

    private record Page(String type, Supplier<String> content) {}
}
