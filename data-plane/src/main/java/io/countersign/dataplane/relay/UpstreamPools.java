package io.countersign.dataplane.relay;

import io.countersign.dataplane.relay.UpstreamFailure.Kind;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.dataplane.tls.TlsContexts;
import io.countersign.mesh.view.Upstream;
import io.countersign.mesh.view.UpstreamTls;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All pools of one event loop. A pool belongs to one generation of TLS contexts: after a swap new requests go to a
/// new pool, and the old one empties.
final class UpstreamPools implements UpstreamLoad {
    /// An endpoint that could not be reached is not the first choice for this long.
    private static final long SET_ASIDE_NANOS = Duration.ofSeconds(5).toNanos();

    /// So many endpoints are remembered as unreachable; past it the memory is emptied.
    private static final int SET_ASIDE_MAX = 4096;

    private final LiveTls tls;
    private final UpstreamConnector connector;
    private final RelaySettings settings;
    private final Map<PoolKey, UpstreamPool> pools = new HashMap<>();
    private final Map<String, Long> setAsideUntil = new HashMap<>();
    private int turn;

    UpstreamPools(LiveTls tls, UpstreamConnector connector, RelaySettings settings) {
        this.tls = tls;
        this.connector = connector;
        this.settings = settings;
    }

    /// Finds a connection for the exchange, and tells it then or at once.
    void acquire(Upstream upstream, Exchange exchange, boolean fresh) {
        var contexts = tls.current().orElse(null);
        if (upstream.tls() instanceof UpstreamTls.Configured) {
            exchange.unreachable(new UpstreamFailure(Kind.NO_CERTIFICATE, upstream.address()));
            return;
        }
        if (!(upstream.tls() instanceof UpstreamTls.Plaintext) && contexts == null) {
            exchange.unreachable(new UpstreamFailure(Kind.NO_CERTIFICATE, upstream.address()));
            return;
        }
        pool(upstream, contexts).acquire(exchange, fresh);
    }

    void setAside(Upstream upstream) {
        if (setAsideUntil.size() >= SET_ASIDE_MAX) {
            setAsideUntil.clear();
        }
        setAsideUntil.put(endpoint(upstream), System.nanoTime() + SET_ASIDE_NANOS);
    }

    /// Other TLS contexts are in force.
    void retireStale() {
        var generation = tls.current().map(TlsContexts::generation).orElse(0L);
        for (var pool : pools.values()) {
            if (pool.key().tlsGeneration() != 0 && pool.key().tlsGeneration() != generation) {
                pool.retire();
            }
        }
    }

    void tick(long nowNanos) {
        // An exchange that is told that it waited too long may ask for another pool.
        List.copyOf(pools.values()).forEach(pool -> pool.tick(nowNanos));
        pools.values().removeIf(UpstreamPool::isEmpty);
        setAsideUntil.values().removeIf(until -> nowNanos - until > 0);
    }

    @Override
    public int inFlight(Upstream upstream) {
        var generation = tls.current().map(TlsContexts::generation).orElse(0L);
        var pool = pools.get(PoolKey.of(upstream, generation));
        return pool == null ? 0 : pool.inFlight();
    }

    @Override
    public boolean isSetAside(Upstream upstream) {
        var until = setAsideUntil.get(endpoint(upstream));
        return until != null && System.nanoTime() - until < 0;
    }

    @Override
    public int turn() {
        return turn++ & Integer.MAX_VALUE;
    }

    private UpstreamPool pool(Upstream upstream, @Nullable TlsContexts contexts) {
        var key = PoolKey.of(upstream, contexts == null ? 0 : contexts.generation());
        return pools.computeIfAbsent(
                key, absent -> new UpstreamPool(absent, absent.plaintext() ? null : contexts, connector, settings));
    }

    private static String endpoint(Upstream upstream) {
        return upstream.address() + ":" + upstream.port();
    }
}
