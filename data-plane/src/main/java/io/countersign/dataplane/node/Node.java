package io.countersign.dataplane.node;

import io.countersign.dataplane.admin.AdminServer;
import io.countersign.dataplane.admin.Controls;
import io.countersign.dataplane.admin.Observed;
import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.loop.Shed;
import io.countersign.dataplane.report.KafkaReports;
import io.countersign.dataplane.telemetry.AccessLog;
import io.countersign.dataplane.telemetry.Metrics;
import io.countersign.dataplane.telemetry.Telemetry;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.dataplane.view.AppliedConfig;
import io.countersign.dataplane.view.ConfigApplier;
import io.countersign.dataplane.view.ConfigCopy;
import io.countersign.dataplane.view.CopyFile;
import io.countersign.dataplane.view.LiveView;
import io.countersign.dataplane.view.TrustApplier;
import io.countersign.dataplane.view.TrustListener;
import io.countersign.follower.FollowerSettings;
import io.countersign.follower.TopicPosition;
import io.countersign.mesh.identity.Revocations;
import io.countersign.mesh.identity.TrustBundle;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tag;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A data-plane process from its start to its end. It listens only once it has a certificate and the config, from its
/// disk or read to its end, and reports only once it listens. With the control plane away it serves on what it last
/// applied.
public final class Node implements AutoCloseable, Controls {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final int WORKERS = 2;
    private static final Duration DRAIN_POLL = Duration.ofMillis(20);
    private static final long VERTX_CLOSE_SECONDS = 2;

    /// With config and certificate from its disk a node serves before it spends anything on the bus; where the
    /// certificate must be asked for, it waits no longer with it.
    private static final Duration HEAD_START = Duration.ofSeconds(2);

    /// Kafka's clients cost more to load than all the rest; whoever waited for the listeners is answered first.
    private static final Duration FIRST_ANSWERS = Duration.ofMillis(300);

    private final NodeSettings settings;
    private final InstantSource clock = InstantSource.system();
    private final Vertx vertx;
    private final LiveView view = new LiveView();
    private final Metrics metrics = new Metrics();
    private final Optional<AccessLog> accessLog;
    private final List<Served> served;
    private final ConfigApplier applier;
    private final TrustApplier trust;
    private final Optional<CopyFile> copies;
    private final AdminServer admin;
    private final CompletableFuture<String> quit = new CompletableFuture<>();
    private volatile long position;
    private List<KeptFollower> followers = List.of();
    private @Nullable KafkaReports reports;

    private Node(NodeSettings settings) {
        this.settings = settings;
        vertx = vertx(settings.eventLoops());
        var loops = EventLoops.of(vertx);
        var operations = settings.operations();
        accessLog = operations.accessLog() ? Optional.of(new AccessLog(metrics)) : Optional.empty();
        served = settings.served().stream()
                .map(each -> new Served(each, settings, loops, view, telemetry(each)))
                .toList();
        applier = new ConfigApplier(settings.trustDomain(), loops, view, this::inForce, clock);
        trust = new TrustApplier(settings.trustDomain(), trustOfAll(), clock);
        copies = operations.stateDirectory().map(folder -> new CopyFile(folder, settings.trustDomain()));
        admin = new AdminServer(loops, served.stream().map(Served::observed).toList(), view::current, metrics, this);
        loops.onShed(why -> shed(why).increment());
        metrics.gauge("countersign_connections_held_bytes", loops, EventLoops::heldBytes);
        metrics.gauge("countersign_config_position", this, node -> node.position);
        metrics.gauge(
                "countersign_config_doubtful", this, node -> node.trouble().isPresent() ? 1 : 0);
        served.forEach(each -> gauges(each.observed()));
    }

    /// Starts, and waits without end for certificate and config: there is nothing to serve before.
    ///
    /// @throws java.io.UncheckedIOException when an address cannot be bound
    public static Node start(NodeSettings settings, ListenerPlan plan) throws InterruptedException {
        var node = new Node(settings);
        try {
            node.run(plan);
            return node;
        } catch (InterruptedException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    /// Ends with the reason when the node is asked to end, by a command or by the end of its workload.
    public CompletionStage<String> quitRequested() {
        return quit;
    }

    @Override
    public void quit() {
        quit.complete("told to quit");
    }

    @Override
    public Optional<String> trouble() {
        return trust.trouble().or(applier::trouble);
    }

    @Override
    public void drainListeners() {
        admin.stopping();
        served.forEach(Served::drain);
    }

    /// Stops accepting, lets what is in progress finish within the drain timeout, then ends everything.
    @Override
    public void close() {
        drainListeners();
        awaitDrained();
        followers.forEach(KeptFollower::close);
        if (reports != null) {
            leave(reports);
        }
        served.forEach(Served::close);
        if (reports != null) {
            reports.close();
        }
        admin.close();
        accessLog.ifPresent(AccessLog::close);
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(VERTX_CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn().setCause(e).log("event loops did not end in time");
        }
        LOG.atInfo().addKeyValue("nodeId", name()).log("node stopped");
    }

    private void run(ListenerPlan plan) throws InterruptedException {
        bindOperations();
        var resumeFrom = copies.flatMap(CopyFile::read).map(this::resume).orElse(Map.of());
        served.forEach(Served::start);
        if (applier.hasView() && certificatesWithin(HEAD_START)) {
            bind(plan);
            Thread.sleep(FIRST_ANSWERS);
            follow(resumeFrom);
        } else {
            follow(resumeFrom);
            for (var each : served) {
                each.awaitCertificate();
            }
            trust.awaitFirst();
            applier.awaitFirst();
            bind(plan);
        }
        reports = new KafkaReports("node-" + name() + "-reports", settings.busProperties());
        for (var each : served) {
            each.report(reports, this::keepCopy);
        }
    }

    private void bindOperations() {
        var operations = settings.operations();
        admin.start(operations.admin(), operations.metrics());
        if (served.stream().noneMatch(each -> each.settings().health().equals(Optional.of(operations.health())))) {
            admin.health(operations.health(), Optional.empty(), Optional.empty());
        }
        for (var each : served) {
            each.settings().health().ifPresent(address -> {
                var bound = admin.health(address, Optional.of(each.observed()), settings.observer());
                settings.observer().ifPresent(_ -> each.observableAt(bound));
            });
        }
        operations.endsWithPid().ifPresent(this::endWith);
    }

    private boolean certificatesWithin(Duration time) throws InterruptedException {
        for (var each : served) {
            if (!each.awaitCertificate(time)) {
                return false;
            }
        }
        return true;
    }

    private void bind(ListenerPlan plan) {
        served.forEach(each -> each.bind(plan));
        admin.serving();
        LOG.atInfo()
                .addKeyValue("nodeId", name())
                .addKeyValue(
                        "listener",
                        served.stream()
                                .flatMap(each -> each.observed().listeners().get().stream())
                                .map(listener -> listener.address())
                                .toList())
                .log("node ready");
    }

    private void follow(Map<String, TopicPosition> resumeFrom) {
        // Whatever happens to config, what is trusted and what is revoked goes on being followed.
        followers = List.of(
                KeptFollower.start(following("-trust", TrustApplier.TOPICS, resumeFrom), trust, () -> {}),
                KeptFollower.start(
                        following("-config", ConfigApplier.TOPICS, resumeFrom), applier, applier::startOver));
    }

    private FollowerSettings following(String suffix, List<String> topics, Map<String, TopicPosition> resumeFrom) {
        var positions = new HashMap<>(resumeFrom);
        positions.keySet().retainAll(topics);
        return FollowerSettings.of("node-" + name() + suffix, settings.busProperties(), topics)
                .resumingFrom(positions);
    }

    /// What is revoked first: the view is served from then on.
    private Map<String, TopicPosition> resume(ConfigCopy copy) {
        var positions = new HashMap<>(trust.resume(copy));
        positions.putAll(applier.resume(copy));
        return positions;
    }

    private TrustListener trustOfAll() {
        return new TrustListener() {
            @Override
            public void onBundle(TrustBundle bundle) {
                eachServed(each -> each.onBundle(bundle));
            }

            @Override
            public void onRevocations(Revocations all) {
                eachServed(each -> each.onRevocations(all));
            }
        };
    }

    /// One that fails keeps no other from what is withdrawn.
    private void eachServed(Consumer<Served> tell) {
        var failure = Optional.<RuntimeException>empty();
        for (var each : served) {
            try {
                tell.accept(each);
            } catch (RuntimeException e) {
                failure = failure.or(() -> Optional.of(e));
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private void inForce(AppliedConfig applied) {
        position = applied.position();
        served.forEach(each -> each.inForce(applied));
    }

    private void keepCopy() {
        copies.ifPresent(file -> applier.copy().flatMap(trust::completed).ifPresent(file::keep));
    }

    /// Says goodbye where the bus is there to hear it. Before that the copy on disk goes: who is not waited for
    /// must not come back with what was in force before.
    private void leave(KafkaReports bus) {
        if (settings.operations().leavesWhenStopped()
                && served.stream().allMatch(each -> each.isHeard(bus))
                && copies.map(CopyFile::remove).orElse(true)) {
            served.forEach(each -> each.sayGoodbye(bus));
        }
    }

    private Counter shed(Shed why) {
        var reason = Tag.of("reason", why.name().toLowerCase(Locale.ROOT));
        return metrics.counter("countersign_connections_shed_total", reason);
    }

    private Telemetry telemetry(WorkloadSettings workload) {
        var identity = workload.identity().spiffeId();
        var counted = metrics.of(workload.workload(), identity, view::current);
        return accessLog.map(log -> log.of(identity, counted)).orElse(counted);
    }

    private void gauges(Observed one) {
        var identity = Tag.of("spiffe_id", one.identity().toString());
        metrics.gauge("countersign_certificate_expiry_seconds", one.tls(), this::secondsLeft, identity);
        metrics.gauge("countersign_trust_sequence", one.tls(), Node::trustSequence, identity);
    }

    private double secondsLeft(LiveTls tls) {
        return tls.current()
                .map(contexts -> Duration.between(
                        clock.instant(), contexts.material().digest().notAfter()))
                .orElse(Duration.ZERO)
                .toSeconds();
    }

    private static double trustSequence(LiveTls tls) {
        return tls.current()
                .map(contexts -> contexts.material().digest().trustSequence())
                .orElse(0L);
    }

    private void endWith(long pid) {
        var _ = ProcessHandle.of(pid)
                .map(ProcessHandle::onExit)
                .orElseGet(() -> CompletableFuture.completedFuture(null))
                .thenRun(() -> quit.complete("process " + pid + " has ended"));
    }

    private void awaitDrained() {
        var deadline = System.nanoTime() + settings.drainTimeout().toNanos();
        try {
            while (System.nanoTime() < deadline
                    && served.stream().anyMatch(each -> each.connections().join() > 0)) {
                Thread.sleep(DRAIN_POLL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The first one's: it stands for the process.
    private String name() {
        return settings.served().getFirst().identity().nodeId().value();
    }

    private static Vertx vertx(int eventLoops) {
        var options = new VertxOptions()
                .setEventLoopPoolSize(eventLoops)
                .setWorkerPoolSize(WORKERS)
                .setInternalBlockingPoolSize(WORKERS)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
        return Vertx.builder()
                .with(options)
                .withTransport(EventLoops.transport())
                .build();
    }
}
