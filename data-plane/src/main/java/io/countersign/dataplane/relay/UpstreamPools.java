package io.countersign.dataplane.relay;

import io.countersign.dataplane.relay.UpstreamFailure.Kind;
import io.countersign.dataplane.tls.ConfiguredContext;
import io.countersign.dataplane.tls.ConfiguredTls;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.dataplane.tls.TlsContexts;
import io.countersign.mesh.view.Upstream;
import io.countersign.mesh.view.UpstreamTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// All pools of one event loop. A pool belongs to one generation of TLS contexts: after a swap new requests go to a
/// new pool, and the old one empties.
final class UpstreamPools implements UpstreamLoad {
    /// An endpoint that could not be reached is not the first choice for this long.
    private static final long SET_ASIDE_NANOS = Duration.ofSeconds(5).toNanos();

    /// So many endpoints are remembered as unreachable; past it the memory is emptied.
    private static final int SET_ASIDE_MAX = 4096;

    private final LiveTls tls;
    private final ConfiguredTls configured;
    private final UpstreamConnector connector;
    private final RelaySettings settings;
    private final Map<PoolKey, UpstreamPool> pools = new HashMap<>();
    private final Map<String, Long> setAsideUntil = new HashMap<>();
    private int turn;

    UpstreamPools(LiveTls tls, ConfiguredTls configured, UpstreamConnector connector, RelaySettings settings) {
        this.tls = tls;
        this.configured = configured;
        this.connector = connector;
        this.settings = settings;
    }

    /// Finds a connection for the exchange, and tells it then or at once.
    void acquire(Upstream upstream, Exchange exchange, boolean fresh) {
        switch (upstream.tls()) {
            case UpstreamTls.Plaintext() -> pool(upstream, 0, null).acquire(exchange, fresh);
            case UpstreamTls.MeshMutual mutual -> {
                var contexts = tls.current().orElse(null);
                if (contexts == null) {
                    exchange.unreachable(new UpstreamFailure(Kind.NO_CERTIFICATE, upstream.address()));
                } else {
                    pool(upstream, contexts.generation(), allocator -> contexts.newClientHandler(allocator, mutual))
                            .acquire(exchange, fresh);
                }
            }
            case UpstreamTls.Configured rule -> {
                var context = configured.context(rule);
                if (context.isDone()) {
                    acquire(upstream, exchange, fresh, context);
                } else {
                    var _ = context.whenCompleteAsync(
                            (_, _) -> acquire(upstream, exchange, fresh, context), connector.loop());
                }
            }
        }
    }

    private void acquire(
            Upstream upstream, Exchange exchange, boolean fresh, CompletableFuture<ConfiguredContext> context) {
        if (exchange.isOver()) {
            return;
        }
        if (context.isCompletedExceptionally()) {
            exchange.unreachable(new UpstreamFailure(
                    Kind.FILES, String.valueOf(context.exceptionNow().getMessage())));
        } else {
            var built = context.join();
            pool(upstream, built.generation(), built::newHandler).acquire(exchange, fresh);
        }
    }

    void setAside(Upstream upstream) {
        if (setAsideUntil.size() >= SET_ASIDE_MAX) {
            setAsideUntil.clear();
        }
        setAsideUntil.put(endpoint(upstream), System.nanoTime() + SET_ASIDE_NANOS);
    }

    /// Other TLS contexts are in force.
    void retireStale() {
        for (var pool : pools.values()) {
            if (pool.key().tlsGeneration() != generation(pool.key().tls())) {
                pool.retire();
            }
        }
    }

    void tick(long nowNanos) {
        retireStale();
        // An exchange that is told that it waited too long may ask for another pool.
        List.copyOf(pools.values()).forEach(pool -> pool.tick(nowNanos));
        pools.values().removeIf(UpstreamPool::isEmpty);
        setAsideUntil.values().removeIf(until -> nowNanos - until > 0);
    }

    @Override
    public int inFlight(Upstream upstream) {
        var pool = pools.get(PoolKey.of(upstream, generation(upstream.tls())));
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

    private UpstreamPool pool(
            Upstream upstream, long generation, @Nullable Function<ByteBufAllocator, SslHandler> handlers) {
        return pools.computeIfAbsent(
                PoolKey.of(upstream, generation), key -> new UpstreamPool(key, handlers, connector, settings));
    }

    private long generation(UpstreamTls how) {
        return switch (how) {
            case UpstreamTls.Plaintext() -> 0;
            case UpstreamTls.MeshMutual _ ->
                tls.current().map(TlsContexts::generation).orElse(0L);
            case UpstreamTls.Configured rule -> configured.generation(rule);
        };
    }

    private static String endpoint(Upstream upstream) {
        return upstream.address() + ":" + upstream.port();
    }
}
