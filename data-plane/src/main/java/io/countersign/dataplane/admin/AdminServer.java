package io.countersign.dataplane.admin;

import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.relay.LingeringClose;
import io.countersign.mesh.identity.SpiffeId;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Says what the node has in force: to people on the same machine on the admin address, to the observer by mutual TLS
/// on the health address, and on that to probes whether the node is ready. Read-only; says no secret.
public final class AdminServer implements AutoCloseable {
    /// So many requests wait for their page; who comes then is cut.
    private static final int WAITING_MAX = 64;

    private final EventLoops loops;
    private final Observed observed;
    private final Optional<SpiffeId> observer;
    private final CertsPage certs;
    private final StatsPage stats;
    /// One thread for all pages, since a big view takes its time.
    private final ExecutorService painter = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().daemon().name("node-admin").factory());

    private final List<Listener> own = new ArrayList<>();
    private volatile @Nullable List<Listener> serving;

    /// A server that is not yet bound.
    ///
    /// @param observer who may ask on the health address for more than health
    /// @param certificates where the certificates are kept as files
    public AdminServer(
            EventLoops loops,
            Observed observed,
            Optional<SpiffeId> observer,
            Optional<Path> certificates,
            InstantSource clock) {
        this.loops = loops;
        this.observed = observed;
        this.observer = observer;
        certs = new CertsPage(observed.tls(), certificates, clock);
        stats = new StatsPage(observed, clock);
    }

    /// Binds both addresses, and waits for it.
    ///
    /// @return the health address as it was bound
    /// @throws java.io.UncheckedIOException that names the address which cannot be bound
    public InetSocketAddress start(InetSocketAddress adminAddress, InetSocketAddress healthAddress) {
        own.add(Listener.bind(loops, adminAddress, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new LingeringClose());
                serve(channel.pipeline(), AdminServer.this::local);
            }
        }));
        own.add(Listener.bind(
                loops,
                healthAddress,
                new HealthConnection(
                        observed.tls(),
                        observer,
                        // A probe does not wait behind a page.
                        pipeline -> PageHandler.serve(pipeline, Runnable::run, this::health),
                        pipeline -> serve(pipeline, this::observable))));
        return own.getLast().address();
    }

    /// The node has begun to serve on these. Ready is a node that also has a valid certificate.
    public void serving(List<Listener> listeners) {
        serving = List.copyOf(listeners);
    }

    /// The node serves no more.
    public void stopping() {
        serving = null;
    }

    @Override
    public void close() {
        own.forEach(Listener::close);
        painter.shutdownNow();
    }

    private void serve(ChannelPipeline pipeline, Function<String, Page> pages) {
        PageHandler.serve(pipeline, painter, pages);
    }

    private Page local(String path) {
        return switch (path) {
            case "/ready" -> ready();
            case "/certs" -> Page.json(certs.json());
            case "/stats", "/stats/prometheus" -> Page.text(HttpResponseStatus.OK, stats.prometheus());
            default -> observable(path);
        };
    }

    private Page observable(String path) {
        var view = observed.view().get();
        var listeners = serving;
        return switch (path) {
            case "/listeners" -> Page.json(ListenersPage.of(listeners == null ? List.of() : listeners));
            case "/clusters" -> Page.json(ClustersPage.of(view, observed.workload()));
            case "/secrets" -> Page.json(SecretsPage.of(observed.tls().current()));
            case "/config_dump" -> Page.json(ConfigDump.of(view));
            default ->
                Page.text(
                        HttpResponseStatus.NOT_FOUND,
                        "/listeners /clusters /secrets /config_dump; locally also /ready /certs /stats\n");
        };
    }

    private Page health(String path) {
        return path.equals("/healthz/ready") ? ready() : Page.text(HttpResponseStatus.NOT_FOUND, "/healthz/ready\n");
    }

    private Page ready() {
        if (serving == null) {
            return Page.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "not serving\n");
        }
        return observed.tls().current().isPresent()
                ? Page.text(HttpResponseStatus.OK, "ready\n")
                : Page.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "no valid certificate\n");
    }
}
