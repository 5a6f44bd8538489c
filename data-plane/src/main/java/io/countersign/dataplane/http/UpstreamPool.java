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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The connections of one event loop to one upstream, and the exchanges that wait for one. Both are bounded. Whether
/// the upstream speaks HTTP/2, where one connection serves many, is known when the first connection is there; until
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
        var connection = fresh && !multiplexes ? null : nextFree();
        if (connection != null) {
            connection.lend(exchange);
        } else if (waiting.size() - connecting < settings.waitingPerUpstream()) {
            waiting.add(new Waiting(exchange, System.nanoTime()));
            if (!connect() && fresh) {
                makeRoom();
            }
        } else {
            exchange.unreachable(new UpstreamFailure(
                    Kind.OVERLOADED,
                    connections.size() + " connections in use, " + waiting.size() + " requests waiting"));
        }
    }

    /// A connection can take an exchange, or another one.
    void free(PooledConnection connection) {
        if (retired) {
            connection.retire();
            return;
        }
        for (var next = nextWaiting(); next != null; next = nextWaiting()) {
            connection.lend(next);
            if (!connection.isFree()) {
                return;
            }
        }
        if (!free.contains(connection)) {
            free.addLast(connection);
        }
    }

    void closed(PooledConnection connection) {
        free.remove(connection);
        connections.remove(connection);
        connect();
    }

    /// Another generation of TLS contexts is in force: what is in use ends with its exchanges, the rest now.
    void retire() {
        retired = true;
        free.clear();
        List.copyOf(connections).forEach(PooledConnection::retire);
        for (var next = nextWaiting(); next != null; next = nextWaiting()) {
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
        // Who waits for a connection that is being opened is told when that has ended.
        var patience = settings.connectTimeout().toNanos();
        for (var first = waiting.peekFirst();
                connecting == 0 && first != null && nowNanos - first.sinceNanos > patience;
                first = waiting.peekFirst()) {
            waiting.removeFirst();
            first.exchange.unreachable(
                    new UpstreamFailure(Kind.OVERLOADED, "no connection was free within " + settings.connectTimeout()));
        }
    }

    boolean isEmpty() {
        return connecting == 0 && connections.isEmpty() && waiting.isEmpty();
    }

    /// Opens a connection where somebody waits who would not get one otherwise.
    private boolean connect() {
        var wanted = multiplexes ? Math.min(waiting.size(), 1) : waiting.size();
        if (connecting >= wanted || connections.size() + connecting >= settings.connectionsPerUpstream()) {
            return connecting >= wanted;
        }
        connecting++;
        relay.connector().open(key.upstream(), key.offer(), key.source(), this::opened);
        return true;
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
                while (connecting < waiting.size() && !multiplexes && connect()) {
                    // One more for each that waits, as far as the bound allows.
                }
            }
            case UpstreamFailure failure -> failed(failure);
        }
    }

    private void failed(UpstreamFailure failure) {
        // Nobody else is being waited for: what fails one fails all.
        var all = connecting == 0 && connections.isEmpty();
        for (var next = nextWaiting(); next != null; next = all ? nextWaiting() : null) {
            next.unreachable(failure);
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

    private @Nullable Exchange nextWaiting() {
        for (var next = waiting.pollFirst(); next != null; next = waiting.pollFirst()) {
            if (!next.exchange.isOver()) {
                return next.exchange;
            }
        }
        return null;
    }

    private record Waiting(Exchange exchange, long sinceNanos) {}
}
