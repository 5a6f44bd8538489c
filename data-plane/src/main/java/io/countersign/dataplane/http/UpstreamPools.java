package io.countersign.dataplane.http;

import io.countersign.dataplane.relay.KeptConnections;
import io.countersign.dataplane.relay.LoopRelay;
import io.countersign.dataplane.tls.Offer;
import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.mesh.view.Upstream;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// All pools of one event loop. A pool belongs to one generation of TLS contexts: after a swap new requests go to a
/// new pool, and the old one empties.
final class UpstreamPools implements KeptConnections {
    private final LoopRelay relay;
    private final Map<PoolKey, UpstreamPool> pools = new HashMap<>();

    UpstreamPools(LoopRelay relay) {
        this.relay = relay;
    }

    LoopRelay relay() {
        return relay;
    }

    /// Finds a connection for the exchange, and tells it then or at once.
    void acquire(Upstream upstream, Offer offer, Optional<InetAddress> source, Exchange exchange, boolean fresh) {
        var key = new PoolKey(upstream, offer, source, relay.connector().generation(upstream.tls()));
        pools.computeIfAbsent(key, made -> new UpstreamPool(made, relay)).acquire(exchange, fresh);
    }

    @Override
    public void tlsChanged() {
        // Who waits in a pool that is retired asks for another.
        for (var pool : List.copyOf(pools.values())) {
            if (pool.key().tlsGeneration()
                    != relay.connector().generation(pool.key().upstream().tls())) {
                relay.guard(pool::retire);
            }
        }
    }

    @Override
    public void cut(Predicate<PeerIdentity> withdrawn) {
        List.copyOf(pools.values()).forEach(pool -> relay.guard(() -> pool.cut(withdrawn)));
    }

    @Override
    public void tick(long nowNanos) {
        tlsChanged();
        // An exchange that is told that it waited too long may ask for another pool.
        List.copyOf(pools.values()).forEach(pool -> relay.guard(() -> pool.tick(nowNanos)));
        pools.values().removeIf(UpstreamPool::isEmpty);
    }
}
