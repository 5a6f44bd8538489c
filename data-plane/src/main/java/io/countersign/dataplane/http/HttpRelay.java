package io.countersign.dataplane.http;

import io.countersign.dataplane.relay.LoopRelay;
import io.countersign.dataplane.relay.Relay;
import io.netty.channel.Channel;
import java.util.IdentityHashMap;
import java.util.Objects;

/// Relays HTTP on the event loops of a [Relay].
public final class HttpRelay {
    private final Relay relay;
    private final IdentityHashMap<LoopRelay, UpstreamPools> pools = new IdentityHashMap<>();

    public HttpRelay(Relay relay) {
        this.relay = relay;
        for (var loop : relay.all()) {
            var made = new UpstreamPools(loop);
            pools.put(loop, made);
            loop.keep(made);
        }
    }

    /// Serves HTTP/1 on an accepted connection; its pipeline ends here. Called on the connection's event loop.
    public void serveHttp1(Channel channel, RelayedService service) {
        var encoder = new RelayResponseEncoder();
        channel.pipeline()
                .addLast(new FlushLater())
                .addLast(new StrictRequestDecoder())
                .addLast(encoder)
                .addLast(new Http1Downstream(pools(channel), service, Caller.of(service, channel), encoder));
    }

    /// Serves HTTP/2 on an accepted connection, from its preface on; its pipeline ends here. Called on the connection's
    /// event loop.
    public void serveHttp2(Channel channel, RelayedService service) {
        Http2Downstream.begin(pools(channel), service, channel);
    }

    private UpstreamPools pools(Channel channel) {
        return Objects.requireNonNull(pools.get(relay.of(channel.eventLoop())), "one for every event loop");
    }
}
