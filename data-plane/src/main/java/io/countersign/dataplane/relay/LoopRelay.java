package io.countersign.dataplane.relay;

import io.countersign.dataplane.loop.HeldBytes;
import io.countersign.dataplane.telemetry.Telemetry;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.dataplane.tls.PeerIdentity;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one event loop relays: its accepted connections and its way to the upstreams. Every method is called on that
/// loop.
public final class LoopRelay {
    private static final Logger LOG = LoggerFactory.getLogger(LoopRelay.class);
    private static final long TICK_MILLIS = 1_000;

    private final EventLoop loop;
    private final UpstreamConnector connector;
    private final RelaySettings settings;
    private final Duration drainTimeout;
    private final Telemetry telemetry;
    private final LiveTls tls;
    private final EndpointLoad load = new EndpointLoad();
    private final Set<ServedConnection> connections = new HashSet<>();
    private final List<KeptConnections> kept = new ArrayList<>();
    private boolean draining;

    LoopRelay(
            EventLoop loop,
            UpstreamConnector connector,
            RelaySettings settings,
            Duration drainTimeout,
            Telemetry telemetry,
            LiveTls tls) {
        this.loop = loop;
        this.connector = connector;
        this.settings = settings;
        this.drainTimeout = drainTimeout;
        this.telemetry = telemetry;
        this.tls = tls;
    }

    public UpstreamConnector connector() {
        return connector;
    }

    public LiveTls tls() {
        return tls;
    }

    public EndpointLoad load() {
        return load;
    }

    public RelaySettings settings() {
        return settings;
    }

    public Telemetry telemetry() {
        return telemetry;
    }

    /// How long a connection that is not welcome any more may take to end by itself.
    public long drainTimeoutNanos() {
        return drainTimeout.toNanos();
    }

    /// An accepted connection begins to be served, until [#closed] or the connection's own end.
    public void opened(ServedConnection connection) {
        connections.add(connection);
        HeldBytes.of(connection.channel()).serve(connection);
        // At once where it has ended already.
        connection.channel().closeFuture().addListener(_ -> closed(connection));
        if (draining) {
            connection.drain();
        }
    }

    /// A connection is not served any more, or not by this.
    public void closed(ServedConnection connection) {
        connections.remove(connection);
    }

    /// Connections to look after from now on. May be called on any thread.
    public void keep(KeptConnections upstream) {
        loop.execute(() -> kept.add(upstream));
    }

    void start() {
        var _ = loop.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    int connections() {
        return connections.size();
    }

    /// Runs what keeps others from theirs if it fails: an event loop never runs a periodic task again that threw once,
    /// and without it nothing would time out, drain or be cut. A failure is counted and told.
    ///
    /// @return whether it went well
    public boolean guard(Runnable action) {
        try {
            action.run();
            return true;
        } catch (RuntimeException | Error e) {
            telemetry.failed();
            LOG.atError().setCause(e).log("a part of the relay's periodic work failed");
            return false;
        }
    }

    void tlsChanged() {
        kept.forEach(upstream -> guard(upstream::tlsChanged));
    }

    void drain() {
        draining = true;
        onEach(ServedConnection::drain);
    }

    void cut(Predicate<PeerIdentity> withdrawn) {
        onEach(connection -> {
            if (connection.peer().filter(withdrawn).isPresent()) {
                connection.cut();
            }
        });
        kept.forEach(upstream -> guard(() -> upstream.cut(withdrawn)));
    }

    private void tick() {
        var now = System.nanoTime();
        onEach(connection -> connection.tick(now));
        kept.forEach(upstream -> guard(() -> upstream.tick(now)));
        // A handshake may have ended, or a connection have been added, just after a withdrawal was told.
        cut(tls::isWithdrawn);
        guard(() -> load.tick(now));
    }

    /// A connection that fails is in no known state, and is reset.
    private void onEach(Consumer<ServedConnection> action) {
        for (var connection : List.copyOf(connections)) {
            if (!guard(() -> action.accept(connection))) {
                LingeringClose.reset(connection.channel().pipeline());
            }
        }
    }
}
