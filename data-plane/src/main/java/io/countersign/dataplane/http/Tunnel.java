package io.countersign.dataplane.http;

import io.countersign.dataplane.loop.HeldBytes;
import io.countersign.dataplane.relay.LoopRelay;
import io.countersign.dataplane.relay.ServedConnection;
import io.countersign.dataplane.tcp.RawLifetime;
import io.countersign.dataplane.tcp.RawLifetime.Verdict;
import io.countersign.dataplane.tcp.Splice;
import io.countersign.dataplane.tls.PeerIdentity;
import io.netty.channel.Channel;
import java.util.Optional;
import java.util.OptionalLong;

/// Bytes both ways between a client that asked for them, by CONNECT or Upgrade, and an upstream that agreed. Belongs to
/// one event loop.
final class Tunnel implements ServedConnection {
    private final Channel client;
    private final RelayedService service;
    private final RawLifetime lifetime;
    private final Splice splice;

    private Tunnel(LoopRelay relay, Exchange exchange, RelayedService service, Channel client, Channel upstream) {
        this.client = client;
        this.service = service;
        lifetime = new RawLifetime(relay, service.admitted());
        splice = new Splice(client, upstream, _ -> {
            relay.closed(this);
            exchange.tunnelEnded(received(), sent());
        });
    }

    /// Joins what both pipelines give from now on; handlers of HTTP are to be removed afterwards. Perhaps it has ended
    /// when this returns.
    static void begin(LoopRelay relay, Exchange exchange, RelayedService service, Channel client, Channel upstream) {
        var tunnel = new Tunnel(relay, exchange, service, client, upstream);
        relay.opened(tunnel);
        tunnel.splice.start();
    }

    @Override
    public Channel channel() {
        return client;
    }

    @Override
    public Optional<PeerIdentity> peer() {
        return service.client().peer();
    }

    @Override
    public void tick(long nowNanos) {
        if (lifetime.at(nowNanos, splice.touchedNanos()) != Verdict.GOES_ON) {
            splice.close();
        }
    }

    @Override
    public void hold(HeldBytes held) {
        splice.hold(held);
    }

    @Override
    public OptionalLong idleSinceNanos() {
        return OptionalLong.empty();
    }

    @Override
    public void drain() {
        lifetime.drain();
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
