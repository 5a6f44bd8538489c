package io.countersign.dataplane.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.relay.LingeringClose;
import io.countersign.dataplane.telemetry.Metrics;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.view.MeshView;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Says what the node has in force to people on the same machine, and takes commands of its own user and root, on the
/// admin address. On the health addresses the observer may read, by mutual TLS, and probes ask whether the node is
/// ready.
/// Says no secret.
public final class AdminServer implements AutoCloseable {
    /// So many requests wait for their page; who comes then is cut.
    private static final int WAITING_MAX = 64;

    private final EventLoops loops;
    private final List<Observed> served;
    private final Supplier<MeshView> view;
    private final Metrics metrics;
    private final Controls controls;
    private final AdminRoutes local;
    /// One thread for all pages, since a big view takes its time.
    private final ExecutorService painter = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().daemon().name("node-admin").factory());

    private final List<Listener> own = new ArrayList<>();
    private volatile boolean serving;
    private volatile boolean failed;

    /// A server that is not yet bound.
    public AdminServer(
            EventLoops loops, List<Observed> served, Supplier<MeshView> view, Metrics metrics, Controls controls) {
        this.loops = loops;
        this.served = List.copyOf(served);
        this.view = view;
        this.metrics = metrics;
        this.controls = controls;
        local = local(controls);
    }

    /// Binds the addresses for pages and commands and for metrics, and waits for it.
    ///
    /// @throws java.io.UncheckedIOException that names the address which cannot be bound
    public void start(InetSocketAddress admin, Optional<InetSocketAddress> prometheus) {
        own.add(Listener.bind(loops, admin, plain(pipeline -> serve(pipeline, this::answerLocally))));
        var routes = new AdminRoutes().page("/stats/prometheus", "counters for Prometheus", this::prometheus);
        prometheus.ifPresent(address ->
                own.add(Listener.bind(loops, address, plain(pipeline -> serve(pipeline, routes::answer)))));
    }

    /// Binds a health address, and waits for it.
    ///
    /// @param shown what the observer sees there, and who proves to be there
    /// @param observer who may ask for it; nobody when empty
    /// @return the address as it was bound
    public InetSocketAddress health(InetSocketAddress address, Optional<Observed> shown, Optional<SpiffeId> observer) {
        var routes = new AdminRoutes().page("/healthz/ready", "whether the node is ready", this::ready);
        // A probe does not wait behind a page.
        Consumer<ChannelPipeline> probes = pipeline -> PageHandler.serve(pipeline, Runnable::run, routes::answer);
        var bound = Listener.bind(
                loops,
                address,
                shown.<ChannelInitializer<Channel>>map(each -> new HealthConnection(
                                each.tls(),
                                observer,
                                probes,
                                pipeline -> serve(pipeline, pages(List.of(each))::answer)))
                        .orElseGet(() -> plain(probes)));
        own.add(bound);
        return bound.address();
    }

    /// The node has begun to serve. Ready is a node that also has valid certificates.
    public void serving() {
        serving = true;
    }

    /// The node serves no more.
    public void stopping() {
        serving = false;
    }

    @Override
    public void close() {
        own.forEach(Listener::close);
        painter.shutdownNow();
    }

    private Page answerLocally(Asked asked) {
        return LocalCallers.refusal(asked).orElseGet(() -> local.answer(asked));
    }

    private AdminRoutes local(Controls controls) {
        var certs = new CertsPage(served, InstantSource.system());
        var routes = pages(served)
                .page("/certs", "certificates in use; ?format=json as Envoy has it now", certs::page)
                .page("/logging", "levels of the loggers", LoggingPage::show)
                .page("/ready", "whether the node is ready", this::ready)
                .page("/server_info", "state and age of the process", this::serverInfo)
                .page("/stats", "counters; ?filter= for those that have it in their name", this::stats)
                .page("/stats/prometheus", "counters for Prometheus", this::prometheus)
                .command("/drain_listeners", "accept no more, let what is in progress finish", controls::drainListeners)
                .command("/healthcheck/fail", "be not ready", () -> failed = true)
                .command("/healthcheck/ok", "be ready again", () -> failed = false)
                .command("/logging", "set levels: ?level= of all, ?LOGGER= of one", LoggingPage::set)
                .command("/quitquitquit", "drain, and end the process", controls::quit);
        return routes.page("/help", "this list", () -> Page.text(HttpResponseStatus.OK, routes.help()));
    }

    private AdminRoutes pages(List<Observed> shown) {
        return new AdminRoutes()
                .page(
                        "/clusters",
                        "how every service is spoken to",
                        () -> each(shown, one -> ClustersPage.of(view.get(), one.workload())))
                .page("/config_dump", "the config in force", () -> Page.json(ConfigDump.of(view.get())))
                .page("/listeners", "where the node listens, and what each port takes", () -> listeners(shown))
                .page(
                        "/secrets",
                        "certificates and trust",
                        () -> each(shown, one -> SecretsPage.of(one.tls().current())));
    }

    private static Page each(List<Observed> shown, Function<Observed, JsonNode> page) {
        var pages = JsonNodeFactory.instance.arrayNode();
        shown.forEach(one -> pages.add(page.apply(one)));
        return Page.json(pages.size() == 1 ? pages.get(0) : pages);
    }

    private static Page listeners(List<Observed> shown) {
        return Page.json(ListenersPage.of(
                shown.stream().flatMap(one -> one.listeners().get().stream()).toList()));
    }

    private Page stats(Asked asked) {
        return Page.text(
                HttpResponseStatus.OK, metrics.text(asked.parameter("filter").orElse("")));
    }

    private Page prometheus() {
        return Page.text(HttpResponseStatus.OK, metrics.prometheus());
    }

    private Page serverInfo() {
        var age = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
        return Page.json(JsonNodeFactory.instance
                .objectNode()
                .put("state", serving ? "LIVE" : "DRAINING")
                .put("uptime_current_epoch", age.toSeconds() + "s"));
    }

    private Page ready() {
        if (!serving) {
            return notReady("not serving");
        }
        if (failed) {
            return notReady("failed by command");
        }
        return served.stream().allMatch(one -> one.tls().current().isPresent())
                ? Page.text(
                        HttpResponseStatus.OK,
                        controls.trouble()
                                .map(why -> "ready, but not for changes: " + why + "\n")
                                .orElse("ready\n"))
                : notReady("no valid certificate");
    }

    private static Page notReady(String why) {
        return Page.text(HttpResponseStatus.SERVICE_UNAVAILABLE, why + "\n");
    }

    private void serve(ChannelPipeline pipeline, Function<Asked, Page> pages) {
        PageHandler.serve(pipeline, painter, pages);
    }

    private static ChannelInitializer<Channel> plain(Consumer<ChannelPipeline> pages) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new LingeringClose());
                pages.accept(channel.pipeline());
            }
        };
    }
}
