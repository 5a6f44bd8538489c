package io.countersign.dataplane.http;

import io.countersign.dataplane.relay.LoopRelay;
import io.countersign.dataplane.relay.Opening;
import io.countersign.dataplane.relay.Opening.Opened;
import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.dataplane.relay.UpstreamFailure;
import io.countersign.dataplane.relay.UpstreamFailure.Kind;
import io.countersign.dataplane.tls.Offer;
import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.dataplane.tls.TlsFacts;
import io.countersign.mesh.view.UpstreamTls;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The connections of one event loop to one upstream, and the exchanges that wait for one. Both are bounded, and shared
/// among the callers. Whether the upstream speaks HTTP/2, where one connection serves many, is known when the first
/// connection is there; until
/// then no second one is opened.
final class UpstreamPool {
    private final PoolKey key;
    private final LoopRelay relay;
    private final RelaySettings settings;
    private final Set<PooledConnection> connections = new HashSet<>();
    /// Those that can take an exchange now. The one used last is lent first, so that those which are not needed grow
    /// old.
    private final ArrayDeque<PooledConnection> free = new ArrayDeque<>();

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final Shares waitingPlaces = new Shares();
    /// Connections that serve one exchange at a time, and for whom they do.
    private final Map<PooledConnection, Caller> lent = new HashMap<>();

    private final Shares connectionsLent = new Shares();
    /// How many exchanges each connection that is being opened will serve at once.
    private boolean multiplexes;

    private int connecting;
    private boolean retired;

    UpstreamPool(PoolKey key, LoopRelay relay) {
        this.key = key;
        this.relay = relay;
        this.settings = relay.settings();
        multiplexes = switch (key.offer()) {
            case OPAQUE -> false;
            case HTTP -> key.upstream().tls() instanceof UpstreamTls.MeshMutual;
            case HTTP2 -> true;
        };
    }

    PoolKey key() {
        return key;
    }

    /// Finds a connection for the exchange, and tells it then or at once.
    ///
    /// @param fresh whether it must not be one of HTTP/1 that has been used
    void acquire(Exchange exchange, boolean fresh) {
        var caller = exchange.caller();
        var connection = multiplexes || (!fresh && mayBorrow(caller)) ? nextFree() : null;
        if (connection != null) {
            lend(connection, exchange);
        } else if (takePlace(caller)) {
            waiting.add(new Waiting(exchange, System.nanoTime()));
            if (!connect() && fresh) {
                makeRoom();
            }
        } else {
            exchange.unreachable(new UpstreamFailure(
                    Kind.OVERLOADED,
                    "%d connections in use, %d requests waiting; no caller has more than is left"
                            .formatted(connectionsLent.total(), waitingPlaces.total())));
        }
    }

    /// A connection can take an exchange, or another one.
    void free(PooledConnection connection) {
        if (retired) {
            connection.retire();
            return;
        }
        settle(connection);
        if (!free.contains(connection)) {
            free.addLast(connection);
        }
        serve();
    }

    void closed(PooledConnection connection) {
        free.remove(connection);
        connections.remove(connection);
        settle(connection);
        serve();
    }

    /// Another generation of TLS contexts is in force: what is in use ends with its exchanges, the rest now.
    void retire() {
        retired = true;
        free.clear();
        List.copyOf(connections).forEach(PooledConnection::retire);
        for (var next = pollWaiting(); next != null; next = pollWaiting()) {
            next.acquire(false);
        }
    }

    void cut(Predicate<PeerIdentity> withdrawn) {
        for (var connection : List.copyOf(connections)) {
            if (connection.opened().peer().filter(withdrawn).isPresent()) {
                connection.cut();
            }
        }
    }

    /// Ends what has been idle, and who has been waiting, for too long.
    void tick(long nowNanos) {
        var since = nowNanos - settings.upstreamIdleTimeout().toNanos();
        for (var connection : List.copyOf(connections)) {
            if (connection.isIdleSince(since)) {
                free.remove(connection);
                connection.close();
            }
        }
        leave();
        // Who waits for a connection that is being opened is told when that has ended.
        var patience = settings.connectTimeout().toNanos();
        for (var first = waiting.peekFirst();
                connecting == 0 && first != null && nowNanos - first.sinceNanos > patience;
                first = waiting.peekFirst()) {
            goes(first)
                    .unreachable(new UpstreamFailure(
                            Kind.OVERLOADED,
                            "no connection was free for this caller within " + settings.connectTimeout()));
        }
        // Where one failed, others may wait for whom none is being opened.
        connect();
    }

    boolean isEmpty() {
        return connecting == 0 && connections.isEmpty() && waiting.isEmpty();
    }

    /// Gives those who wait what is free, and opens connections for the rest.
    private void serve() {
        for (var next = nextWaiting(); next != null; next = nextWaiting()) {
            var connection = nextFree();
            if (connection == null) {
                break;
            }
            lend(connection, goes(next));
        }
        connect();
    }

    private void lend(PooledConnection connection, Exchange exchange) {
        if (!multiplexes && connectionsLent.take(exchange.caller(), settings.connectionsPerUpstream())) {
            lent.put(connection, exchange.caller());
        }
        connection.lend(exchange);
    }

    private void settle(PooledConnection connection) {
        var caller = lent.remove(connection);
        if (caller != null) {
            connectionsLent.giveBack(caller);
        }
    }

    /// Opens connections for those who wait and would not get one otherwise.
    ///
    /// @return whether there will be one for each of them
    private boolean connect() {
        var wanted = multiplexes ? Math.min(waiting.size(), 1) : allowed();
        for (var more = wanted - connecting;
                more > 0 && connections.size() + connecting < settings.connectionsPerUpstream();
                more--) {
            connecting++;
            relay.connector().open(key.upstream(), key.offer(), key.source(), this::opened);
        }
        return connecting >= wanted;
    }

    /// How many of those who wait may have a connection, one after the other.
    private int allowed() {
        var allowed = new ArrayList<Caller>();
        for (var each : waiting) {
            if (!each.exchange.isOver()
                    && connectionsLent.take(each.exchange.caller(), settings.connectionsPerUpstream())) {
                allowed.add(each.exchange.caller());
            }
        }
        allowed.forEach(connectionsLent::giveBack);
        return allowed.size();
    }

    private void opened(Opening opening) {
        connecting--;
        switch (opening) {
            case Opened opened
            when !opened.channel().isActive() -> failed(new UpstreamFailure(Kind.CONNECT, "connection closed"));
            case Opened opened -> {
                var protocol = opened.tls().map(TlsFacts::alpn);
                multiplexes = protocol.map("h2"::equals).orElse(key.offer() == Offer.HTTP2);
                var connection = multiplexes ? Http2Upstream.begin(this, opened) : Http1Upstream.begin(this, opened);
                connections.add(connection);
                free(connection);
            }
            case UpstreamFailure failure -> failed(failure);
        }
    }

    private void failed(UpstreamFailure failure) {
        if (connecting == 0 && connections.isEmpty()) {
            // Nobody else is being waited for: what fails one fails all.
            for (var next = pollWaiting(); next != null; next = pollWaiting()) {
                next.unreachable(failure);
            }
            return;
        }
        var next = nextWaiting();
        if (next != null) {
            goes(next).unreachable(failure);
        }
    }

    /// Somebody wants a fresh connection while unused ones fill the pool.
    private void makeRoom() {
        var oldest = free.pollFirst();
        if (oldest != null) {
            oldest.close();
        }
    }

    private @Nullable PooledConnection nextFree() {
        for (var next = free.peekLast(); next != null; next = free.peekLast()) {
            if (next.isFree()) {
                if (!multiplexes) {
                    free.removeLast();
                }
                return next;
            }
            free.removeLast();
        }
        return null;
    }

    /// Who has waited longest of those who may have a connection.
    private @Nullable Waiting nextWaiting() {
        for (var each : waiting) {
            if (!each.exchange.isOver() && (multiplexes || mayBorrow(each.exchange.caller()))) {
                return each;
            }
        }
        return null;
    }

    /// Who has waited longest, whether a connection is his or not.
    private @Nullable Exchange pollWaiting() {
        leave();
        var first = waiting.peekFirst();
        return first == null ? null : goes(first);
    }

    private Exchange goes(Waiting from) {
        waiting.remove(from);
        waitingPlaces.giveBack(from.exchange.caller());
        return from.exchange;
    }

    private boolean mayBorrow(Caller caller) {
        return connectionsLent.allows(caller, settings.connectionsPerUpstream());
    }

    /// Takes a place among those who wait; nobody waits for long whose connection is being opened.
    private boolean takePlace(Caller caller) {
        var places = settings.waitingPerUpstream() + connecting;
        if (!waitingPlaces.allows(caller, places)) {
            leave();
        }
        return waitingPlaces.take(caller, places);
    }

    /// Who has given up waits no more.
    private void leave() {
        waiting.removeIf(each -> {
            var over = each.exchange.isOver();
            if (over) {
                waitingPlaces.giveBack(each.exchange.caller());
            }
            return over;
        });
    }

    private record Waiting(Exchange exchange, long sinceNanos) {}
}
