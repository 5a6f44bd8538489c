package io.countersign.dataplane.http;

import io.countersign.dataplane.relay.LoopRelay;
import io.countersign.dataplane.relay.ServedConnection;
import io.countersign.dataplane.tcp.Splice;
import io.countersign.dataplane.tls.PeerIdentity;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Optional;

/// Bytes both ways between a client that asked for them, by CONNECT or Upgrade, and an upstream that agreed. Belongs to
/// one event loop.
final class Tunnel implements ServedConnection {
    /// Applications keep such connections for long without a byte.
    private static final long IDLE_NANOS = Duration.ofHours(1).toNanos();

    private final LoopRelay relay;
    private final RelayedService service;
    private final Splice splice;
    private boolean draining;
    private long drainingSinceNanos;

    /// Joins what both pipelines give from now on; handlers of HTTP are to be removed afterwards.
    Tunnel(LoopRelay relay, Exchange exchange, RelayedService service, Channel client, Channel upstream) {
        this.relay = relay;
        this.service = service;
        relay.opened(this);
        splice = Splice.join(client, upstream, _ -> {
            relay.closed(this);
            exchange.tunnelEnded(received(), sent());
        });
    }

    @Override
    public Optional<PeerIdentity> peer() {
        return service.client().peer();
    }

    @Override
    public void tick(long nowNanos) {
        if (!draining && !service.admitted().getAsBoolean()) {
            drain();
        } else if (nowNanos - splice.touchedNanos() > IDLE_NANOS
                || (draining && nowNanos - drainingSinceNanos > relay.drainTimeoutNanos())) {
            splice.close();
        }
    }

    /// Nobody can be told; who goes on speaking has until the drain timeout.
    @Override
    public void drain() {
        draining = true;
        drainingSinceNanos = System.nanoTime();
    }

    @Override
    public void cut() {
        splice.reset();
    }

    private long received() {
        return splice.received();
    }

    private long sent() {
        return splice.sent();
    }
}
