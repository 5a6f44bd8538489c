package io.countersign.dataplane.report;

import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.tls.TlsMaterialDigest;
import io.countersign.dataplane.view.AppliedConfig;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reports what is in force: at once, then at most every 100 ms while more arrives, and again every 10 s with jitter. A
/// report that did not arrive is tried again with what is in force by then. One thread sends, which gives way to the
/// event loops; it says nothing before both the config and the certificate are known.
public final class NodeReporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeReporter.class);
    private static final Duration INTERVAL_MIN = Duration.ofMillis(100);
    private static final Duration REPEAT = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /// How long a node that stops waits for one report to arrive.
    private static final Duration LAST_WORD = Duration.ofSeconds(2);

    /// A tenth to both sides, so that nodes that started together do not report together.
    private static final double JITTER = 0.1;

    private final NodeId node;
    private final SpiffeId identity;
    private final List<ConfigKey> workloads;
    private final Supplier<String> admin;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final AtomicLong number = new AtomicLong();
    private final Semaphore news = new Semaphore(0);
    private volatile @Nullable Thread thread;
    private volatile @Nullable AppliedConfig config;
    private volatile @Nullable TlsMaterialDigest certificate;
    private volatile boolean failed;

    /// A reporter that is not yet started.
    ///
    /// @param workloads that the node serves, all with its one certificate
    /// @param admin where the observer may ask for more, as `host:port`; empty where nobody may
    /// @param clock whose time a report is never numbered below
    public NodeReporter(
            NodeId node,
            SpiffeId identity,
            List<ConfigKey> workloads,
            Supplier<String> admin,
            RandomGenerator random,
            InstantSource clock) {
        this.node = node;
        this.identity = identity;
        this.workloads = List.copyOf(workloads);
        this.admin = admin;
        this.random = random;
        this.clock = clock;
    }

    /// Begins to report. Before this what is in force is only remembered.
    public void start(ReportSink to) {
        thread = Thread.ofPlatform().daemon().name("node-reporter").start(() -> run(to));
    }

    /// The config before this position is in force on every event loop. For any thread, in order.
    public void inForce(AppliedConfig applied) {
        config = applied;
        news.release();
    }

    /// New handshakes are made with this on every event loop. For any thread, in order.
    public void inForce(TlsMaterialDigest digest) {
        certificate = digest;
        news.release();
    }

    /// Sends no more; the last report stays on the bus.
    @Override
    public void close() {
        var running = thread;
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            running.join(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Sends what is in force once more, after [#close], and waits for it.
    ///
    /// @param gone the moment after which nothing is in use any more; empty where that is when the certificate ends
    /// @return whether it has arrived for certain
    public boolean conclude(ReportSink to, Optional<Instant> gone) {
        try {
            var last = current(gone);
            if (last.isEmpty()) {
                return false;
            }
            to.send(last.get()).toCompletableFuture().get(LAST_WORD.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("nodeId", node)
                    .addKeyValue("reason", e.toString())
                    .log("last report did not arrive");
        }
        return false;
    }

    private void run(ReportSink sink) {
        EventLoops.giveWay();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                report(sink);
                Thread.sleep(failed ? RETRY : INTERVAL_MIN);
                var _ = news.tryAcquire(pause().toMillis(), TimeUnit.MILLISECONDS);
                news.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration pause() {
        return Duration.ofMillis((long) (REPEAT.toMillis() * (1 + JITTER * (2 * random.nextDouble() - 1))));
    }

    private void report(ReportSink sink) {
        var report = current(Optional.empty());
        if (report.isEmpty()) {
            return;
        }
        try {
            sink.send(report.get()).whenComplete((_, failure) -> sent(report.get(), failure));
        } catch (RuntimeException e) {
            // The loop outlives whatever goes wrong in it: a node that fell silent would hold up every change.
            sent(report.get(), e);
        }
    }

    private Optional<NodeReport> current(Optional<Instant> gone) {
        var applied = config;
        var inUse = certificate;
        if (applied == null || inUse == null) {
            return Optional.empty();
        }
        var serials = new TreeMap<ConfigKey, String>();
        workloads.forEach(workload -> serials.put(workload, inUse.serial()));
        return Optional.of(new NodeReport(
                node,
                identity,
                serials,
                applied.topicId(),
                applied.position(),
                inUse.trustSequence(),
                applied.rejected(),
                admin.get(),
                gone.orElse(inUse.notAfter()),
                number.updateAndGet(last -> Math.max(last + 1, clock.millis()))));
    }

    private void sent(NodeReport report, @Nullable Throwable failure) {
        if (failure == null) {
            failed = false;
            LOG.atDebug()
                    .addKeyValue("nodeId", node)
                    .addKeyValue("configOffset", report.position())
                    .log("reported");
            return;
        }
        // The first of a row only: a broker may be away for hours.
        if (!failed) {
            LOG.atWarn()
                    .addKeyValue("nodeId", node)
                    .addKeyValue("reason", failure.toString())
                    .log("report did not arrive, trying again");
        }
        failed = true;
        news.release();
    }
}
