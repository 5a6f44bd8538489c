package io.countersign.dataplane.relay;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one event loop relays: its accepted connections and its upstream pools. Every method is called on that loop.
final class LoopRelay {
    private static final Logger LOG = LoggerFactory.getLogger(LoopRelay.class);

    private final UpstreamPools pools;
    private final RelaySettings settings;
    private final Duration drainTimeout;
    private final Traffic traffic;
    private final Set<DownstreamConnection> connections = new HashSet<>();
    private boolean draining;

    LoopRelay(UpstreamPools pools, RelaySettings settings, Duration drainTimeout, Traffic traffic) {
        this.pools = pools;
        this.settings = settings;
        this.drainTimeout = drainTimeout;
        this.traffic = traffic;
    }

    UpstreamPools pools() {
        return pools;
    }

    Traffic traffic() {
        return traffic;
    }

    long idleTimeoutNanos() {
        return settings.idleTimeout().toNanos();
    }

    long drainTimeoutNanos() {
        return drainTimeout.toNanos();
    }

    int connections() {
        return connections.size();
    }

    void opened(DownstreamConnection connection) {
        connections.add(connection);
        if (draining) {
            connection.drain();
        }
    }

    void closed(DownstreamConnection connection) {
        connections.remove(connection);
    }

    void drain() {
        draining = true;
        List.copyOf(connections).forEach(DownstreamConnection::drain);
    }

    void tick() {
        var now = System.nanoTime();
        try {
            List.copyOf(connections).forEach(connection -> connection.tick(now));
            pools.tick(now);
        } catch (RuntimeException e) {
            // An event loop never runs a task again that threw once, and without this one nothing would time out.
            LOG.atError().setCause(e).log("relay tick broke off");
        }
    }
}
