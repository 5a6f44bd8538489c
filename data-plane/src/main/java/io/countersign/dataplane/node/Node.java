package io.countersign.dataplane.node;

import io.countersign.dataplane.admin.AdminServer;
import io.countersign.dataplane.admin.Observed;
import io.countersign.dataplane.http.HttpRelay;
import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.relay.Relay;
import io.countersign.dataplane.report.KafkaReportSink;
import io.countersign.dataplane.report.NodeReporter;
import io.countersign.dataplane.telemetry.Telemetry;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.dataplane.tls.NodeIdentity;
import io.countersign.dataplane.tls.TlsMaterialDigest;
import io.countersign.dataplane.view.ConfigApplier;
import io.countersign.dataplane.view.LiveView;
import io.countersign.dataplane.view.TrustListener;
import io.countersign.follower.FollowerSettings;
import io.countersign.follower.TopicFollower;
import io.countersign.identity.ReportSeal;
import io.countersign.identity.SvidRenewer;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.Revocations;
import io.countersign.mesh.identity.TrustBundle;
import io.netty.util.NetUtil;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A data-plane process from its start to its end. It listens only once it has a certificate and has read the config to
/// its end, and reports only once it listens. With the control plane away it serves on what it last applied.
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final int WORKERS = 2;
    private static final Duration DRAIN_POLL = Duration.ofMillis(20);
    private static final long VERTX_CLOSE_SECONDS = 2;

    private final NodeSettings settings;
    private final Vertx vertx;
    private final NodeParts parts;
    private final NodeReporter reporter;
    private final NodeIdentity identity;
    private final ConfigApplier applier;
    private final SvidRenewer renewer;
    private final TopicFollower follower;
    private final AdminServer admin;
    private List<Listener> listeners = List.of();

    private Node(NodeSettings settings) {
        this.settings = settings;
        var clock = InstantSource.system();
        vertx = vertx(settings.eventLoops());
        var loops = EventLoops.of(vertx);
        var tls = new LiveTls(loops, clock);
        var relay = Relay.start(loops, tls, settings.relay(), settings.drainTimeout(), Telemetry.NONE);
        parts = new NodeParts(loops, tls, new LiveView(), relay, new HttpRelay(relay));
        admin = new AdminServer(
                loops,
                new Observed(tls, parts.view()::current, relay, settings.workload()),
                settings.observer(),
                settings.identity().directory(),
                clock);
        var health = admin.start(settings.admin(), settings.health());
        var nodeId = settings.identity().nodeId();
        var clientId = "node-" + nodeId;
        reporter = new NodeReporter(
                nodeId,
                settings.identity().spiffeId(),
                settings.workload().stream().toList(),
                settings.observer().isPresent() ? reachable(health) : "",
                new KafkaReportSink(clientId + "-reports", settings.busProperties(), this::sealed),
                RandomGenerator.getDefault());
        identity = new NodeIdentity(settings.identity().spiffeId(), tls, this::certificateInForce);
        renewer = new SvidRenewer(settings.identity(), identity);
        applier = new ConfigApplier(
                settings.trustDomain(), loops, parts.view(), trustListener(tls), reporter::inForce, clock);
        renewer.start();
        follower = TopicFollower.start(
                FollowerSettings.of(clientId + "-config", settings.busProperties(), ConfigApplier.TOPICS), applier);
    }

    /// Starts, and waits without end for certificate and config: there is nothing to serve before.
    ///
    /// @throws java.io.UncheckedIOException when an address cannot be bound
    public static Node start(NodeSettings settings, ListenerPlan plan) throws InterruptedException {
        var node = new Node(settings);
        try {
            node.serve(plan);
            return node;
        } catch (InterruptedException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    /// Stops accepting, lets what is in progress finish within the drain timeout, then ends everything.
    @Override
    public void close() {
        admin.stopping();
        listeners.forEach(Listener::close);
        parts.relay().drain();
        awaitDrained();
        follower.close();
        renewer.close();
        reporter.close();
        parts.tls().close();
        admin.close();
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(VERTX_CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn().setCause(e).log("event loops did not end in time");
        }
        LOG.atInfo().addKeyValue("nodeId", settings.identity().nodeId()).log("node stopped");
    }

    private TrustListener trustListener(LiveTls tls) {
        return new TrustListener() {
            @Override
            public void onBundle(TrustBundle bundle) {
                renewer.trust(bundle);
                identity.trust(bundle);
            }

            @Override
            public void onRevocations(Revocations all) {
                tls.revoke(all);
            }
        };
    }

    /// Signed with what is in force, which the report names.
    private byte[] sealed(NodeReport report) {
        var material = parts.tls().current().orElseThrow().material();
        return ReportSeal.seal(report, new X509Svid(material.chain(), material.key(), material.identity()));
    }

    private void serve(ListenerPlan plan) throws InterruptedException {
        identity.awaitFirst();
        applier.awaitFirst();
        listeners = plan.bind(parts);
        reporter.start();
        admin.serving(listeners);
        LOG.atInfo()
                .addKeyValue("nodeId", settings.identity().nodeId())
                .addKeyValue(
                        "listener", listeners.stream().map(Listener::address).toList())
                .log("node ready");
    }

    private void certificateInForce(TlsMaterialDigest digest) {
        parts.relay().tlsChanged();
        parts.relay().traffic().count("tls_material_applied");
        reporter.inForce(digest);
    }

    private void awaitDrained() {
        var deadline = System.nanoTime() + settings.drainTimeout().toNanos();
        try {
            while (System.nanoTime() < deadline && parts.relay().connections().join() > 0) {
                Thread.sleep(DRAIN_POLL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// A wildcard is nowhere to go to: the machine's own address is.
    private static String reachable(InetSocketAddress bound) {
        try {
            var address = bound.getAddress().isAnyLocalAddress() ? InetAddress.getLocalHost() : bound.getAddress();
            return NetUtil.toSocketAddressString(address.getHostAddress(), bound.getPort());
        } catch (UnknownHostException e) {
            throw new UncheckedIOException("the machine's own address is unknown", e);
        }
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
