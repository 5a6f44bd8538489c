package io.countersign.dataplane.relay;

import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.tls.ConfiguredTls;
import io.countersign.dataplane.tls.LiveTls;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The relays of all event loops.
public final class Relay {
    private static final long TICK_MILLIS = 1_000;

    private final Map<EventLoop, LoopRelay> relays;
    private final Traffic traffic;

    private Relay(Map<EventLoop, LoopRelay> relays, Traffic traffic) {
        this.relays = Collections.unmodifiableMap(relays);
        this.traffic = traffic;
    }

    /// Starts a relay on each event loop.
    ///
    /// @param drainTimeout how long a connection that is not welcome any more may take to end by itself
    public static Relay start(EventLoops loops, LiveTls tls, RelaySettings settings, Duration drainTimeout) {
        var traffic = new Traffic();
        var configured = new ConfiguredTls();
        var relays = new IdentityHashMap<EventLoop, LoopRelay>();
        for (var loop : loops.all()) {
            var connector = new UpstreamConnector(loops, loop, settings.connectTimeout());
            relays.put(
                    loop,
                    new LoopRelay(
                            new UpstreamPools(tls, configured, connector, settings), settings, drainTimeout, traffic));
        }
        relays.forEach((loop, relay) -> {
            var _ = loop.scheduleWithFixedDelay(relay::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        });
        return new Relay(relays, traffic);
    }

    public Traffic traffic() {
        return traffic;
    }

    /// Serves HTTP/1.1 on an accepted connection; its pipeline ends here. Called on the connection's event loop.
    public void serve(Channel channel, RelayedService service) {
        var relay = Objects.requireNonNull(relays.get(channel.eventLoop()), "a channel of another event loop group");
        var encoder = new RelayResponseEncoder();
        channel.pipeline()
                .addLast(new StrictRequestDecoder())
                .addLast(encoder)
                .addLast(new DownstreamConnection(relay, service, encoder));
    }

    /// Other TLS contexts are in force: unused upstream connections made with the old ones are closed.
    public void tlsChanged() {
        relays.forEach((loop, relay) -> loop.execute(relay.pools()::retireStale));
    }

    /// Lets every connection finish what it is at, and close.
    public void drain() {
        relays.forEach((loop, relay) -> loop.execute(relay::drain));
    }

    /// How many accepted connections there are.
    public CompletableFuture<Integer> connections() {
        var total = CompletableFuture.completedFuture(0);
        for (var entry : relays.entrySet()) {
            var count = CompletableFuture.supplyAsync(entry.getValue()::connections, entry.getKey());
            total = total.thenCombine(count, Integer::sum);
        }
        return total;
    }
}
