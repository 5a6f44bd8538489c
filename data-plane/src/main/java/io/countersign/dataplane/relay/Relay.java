package io.countersign.dataplane.relay;

import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.telemetry.Telemetry;
import io.countersign.dataplane.tls.ConfiguredTls;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.dataplane.tls.PeerIdentity;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The relays of all event loops.
public final class Relay {
    private final Map<EventLoop, LoopRelay> relays;

    private Relay(Map<EventLoop, LoopRelay> relays) {
        this.relays = Collections.unmodifiableMap(relays);
    }

    /// Starts a relay on each event loop.
    ///
    /// @param drainTimeout how long a connection that is not welcome any more may take to end by itself
    public static Relay start(
            EventLoops loops, LiveTls tls, RelaySettings settings, Duration drainTimeout, Telemetry telemetry) {
        var configured = new ConfiguredTls();
        var relays = new IdentityHashMap<EventLoop, LoopRelay>();
        for (var loop : loops.all()) {
            var connector = new UpstreamConnector(loops, loop, tls, configured, settings.connectTimeout(), telemetry);
            relays.put(loop, new LoopRelay(loop, connector, settings, drainTimeout, telemetry, tls));
        }
        relays.values().forEach(LoopRelay::start);
        var relay = new Relay(relays);
        tls.onWithdrawal(() -> relay.cut(tls::isWithdrawn));
        return relay;
    }

    /// What serves the connections of an event loop.
    public LoopRelay of(EventLoop loop) {
        return Objects.requireNonNull(relays.get(loop), "an event loop of another group");
    }

    public Collection<LoopRelay> all() {
        return relays.values();
    }

    /// Other TLS contexts are in force: unused upstream connections made with the old ones are closed.
    public void tlsChanged() {
        onEach(LoopRelay::tlsChanged);
    }

    /// Lets every connection finish what it is at, and close.
    public void drain() {
        onEach(LoopRelay::drain);
    }

    /// Ends at once every connection whose other side was withdrawn.
    public void cut(Predicate<PeerIdentity> withdrawn) {
        onEach(relay -> relay.cut(withdrawn));
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

    private void onEach(Consumer<LoopRelay> action) {
        relays.forEach((loop, relay) -> loop.execute(() -> action.accept(relay)));
    }
}
