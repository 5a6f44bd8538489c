package io.countersign.dataplane.node;

import io.countersign.dataplane.admin.Observed;
import io.countersign.dataplane.http.HttpRelay;
import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.relay.Relay;
import io.countersign.dataplane.report.KafkaReports;
import io.countersign.dataplane.report.NodeReporter;
import io.countersign.dataplane.telemetry.Telemetry;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.dataplane.tls.NodeIdentity;
import io.countersign.dataplane.tls.TlsMaterialDigest;
import io.countersign.dataplane.view.AppliedConfig;
import io.countersign.dataplane.view.LiveView;
import io.countersign.dataplane.view.TrustListener;
import io.countersign.identity.ReportSeal;
import io.countersign.identity.SvidRenewer;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.Revocations;
import io.countersign.mesh.identity.TrustBundle;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/// One of those that a node serves: its certificate, connections, listeners and reports. It shares event loops and view
/// with the others, and nothing that has to do with identity.
final class Served implements TrustListener, AutoCloseable {
    private final WorkloadSettings settings;
    private final Map<String, Object> bus;
    private final NodeParts parts;
    private final NodeIdentity identity;
    private final SvidRenewer renewer;
    private final NodeReporter reporter;
    private volatile List<Listener> listeners = List.of();
    private volatile Optional<InetSocketAddress> observable = Optional.empty();

    Served(WorkloadSettings settings, NodeSettings node, EventLoops loops, LiveView view, Telemetry telemetry) {
        this.settings = settings;
        this.bus = node.busProperties();
        var tls = new LiveTls(loops, InstantSource.system(), node.postQuantum());
        var relay = Relay.start(loops, tls, node.relay(), node.drainTimeout(), telemetry);
        parts = new NodeParts(settings.workload(), loops, tls, view, relay, new HttpRelay(relay));
        reporter = new NodeReporter(
                settings.identity().nodeId(),
                settings.identity().spiffeId(),
                settings.workload().stream().toList(),
                () -> observable.flatMap(this::reachable).orElse(""),
                RandomGenerator.getDefault(),
                InstantSource.system());
        identity = new NodeIdentity(tls, this::certificateInForce);
        renewer = new SvidRenewer(settings.identity(), identity);
    }

    /// Begins to get a certificate: that of an earlier run, or a new one.
    void start() {
        renewer.start();
    }

    @Override
    public void onBundle(TrustBundle bundle) {
        renewer.trust(bundle);
        identity.trust(bundle);
    }

    @Override
    public void onRevocations(Revocations all) {
        parts.tls().revoke(all);
    }

    /// Whether there is a certificate in force by then.
    boolean awaitCertificate(Duration timeout) throws InterruptedException {
        return identity.awaitFirst(timeout);
    }

    void awaitCertificate() throws InterruptedException {
        identity.awaitFirst();
    }

    void bind(ListenerPlan plan) {
        listeners = plan.bind(parts);
    }

    /// Begins to report.
    ///
    /// @param keep writes to disk what the next report says
    void report(KafkaReports reports, Runnable keep) {
        var sink = reports.of(this::sealed);
        reporter.start(report -> {
            keep.run();
            return sink.send(report);
        });
    }

    /// Ends the reports with one that is waited for; whether it has arrived.
    boolean isHeard(KafkaReports reports) {
        reporter.close();
        return reporter.conclude(reports.of(this::sealed), Optional.empty());
    }

    /// The last report of all: nothing is in use any more.
    void sayGoodbye(KafkaReports reports) {
        reporter.conclude(
                reports.of(this::sealed), Optional.of(InstantSource.system().instant()));
    }

    void inForce(AppliedConfig applied) {
        reporter.inForce(applied);
    }

    /// The observer may ask there.
    void observableAt(InetSocketAddress address) {
        observable = Optional.of(address);
    }

    Observed observed() {
        return new Observed(
                settings.workload(),
                settings.identity().spiffeId(),
                parts.tls(),
                settings.identity().directory(),
                () -> listeners);
    }

    WorkloadSettings settings() {
        return settings;
    }

    /// Accepts no more, and lets what is in progress finish.
    void drain() {
        listeners.forEach(Listener::close);
        parts.relay().drain();
    }

    CompletableFuture<Integer> connections() {
        return parts.relay().connections();
    }

    @Override
    public void close() {
        renewer.close();
        reporter.close();
        parts.tls().close();
    }

    private void certificateInForce(TlsMaterialDigest digest) {
        parts.relay().tlsChanged();
        reporter.inForce(digest);
    }

    /// Signed with what is in force, which the report names.
    private byte[] sealed(NodeReport report) {
        return ReportSeal.seal(
                report, parts.tls().current().orElseThrow().material().svid());
    }

    /// A wildcard is nowhere to go to: the workload's address is, or else the one that the bus knows. Empty where there
    /// is none of them.
    private Optional<String> reachable(InetSocketAddress bound) {
        if (!bound.getAddress().isAnyLocalAddress()) {
            return Optional.of(NetUtil.toSocketAddressString(bound.getAddress().getHostAddress(), bound.getPort()));
        }
        return settings.workload()
                .flatMap(parts.view().current()::workload)
                .flatMap(workload -> workload.addresses().stream().findFirst())
                .or(() -> BusSide.address(bus))
                .map(address -> NetUtil.toSocketAddressString(address, bound.getPort()));
    }
}
