package io.countersign.dataplane.http;

import io.countersign.dataplane.relay.LoopRelay;
import io.countersign.dataplane.relay.Opening.Opened;
import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.dataplane.relay.UpstreamFailure;
import io.countersign.dataplane.relay.UpstreamFailure.Kind;
import io.countersign.dataplane.tls.PeerIdentity;
import io.netty.handler.codec.http.HttpClientCodec;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The connections of one event loop to one upstream, and the exchanges that wait for one. Both are bounded.
final class UpstreamPool {
    private final PoolKey key;
    private final LoopRelay relay;
    private final RelaySettings settings;
    /// The one used last is lent first, so that those which are not needed grow old.
    private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final Set<UpstreamConnection> connections = new HashSet<>();
    /// Connections that are being opened, in use or idle.
    private int open;

    private boolean retired;

    UpstreamPool(PoolKey key, LoopRelay relay) {
        this.key = key;
        this.relay = relay;
        this.settings = relay.settings();
    }

    PoolKey key() {
        return key;
    }

    /// Finds a connection for the exchange, and tells it then or at once.
    ///
    /// @param fresh whether it must be one that has not been used
    void acquire(Exchange exchange, boolean fresh) {
        if (!fresh) {
            for (var free = idle.pollLast(); free != null; free = idle.pollLast()) {
                if (free.isUsable()) {
                    free.lend(exchange);
                    return;
                }
            }
        }
        if (open < settings.connectionsPerUpstream()) {
            connect(exchange);
        } else if (waiting.size() < settings.waitingPerUpstream()) {
            waiting.add(new Waiting(exchange, System.nanoTime()));
            makeRoom();
        } else {
            exchange.unreachable(new UpstreamFailure(
                    Kind.OVERLOADED, open + " connections in use, " + waiting.size() + " requests waiting"));
        }
    }

    void release(UpstreamConnection connection) {
        if (retired || !connection.isUsable()) {
            connection.close();
            return;
        }
        var next = nextWaiting();
        if (next != null) {
            connection.lend(next);
        } else {
            idle.addLast(connection);
        }
    }

    void closed(UpstreamConnection connection) {
        idle.remove(connection);
        connections.remove(connection);
        ended();
    }

    private void ended() {
        open--;
        var next = nextWaiting();
        if (next != null) {
            connect(next);
        }
    }

    /// Another generation of TLS contexts is in force: what is in use ends with its exchange, the rest now.
    void retire() {
        retired = true;
        closeIdle(0);
    }

    /// Ends what has been idle, and who has been waiting, for too long.
    void tick(long nowNanos) {
        closeIdle(nowNanos - settings.upstreamIdleTimeout().toNanos());
        var patience = settings.connectTimeout().toNanos();
        for (var first = waiting.peekFirst();
                first != null && nowNanos - first.sinceNanos > patience;
                first = waiting.peekFirst()) {
            waiting.removeFirst();
            first.exchange.unreachable(
                    new UpstreamFailure(Kind.OVERLOADED, "no connection was free within " + settings.connectTimeout()));
        }
    }

    void cut(Predicate<PeerIdentity> withdrawn) {
        for (var connection : List.copyOf(connections)) {
            if (connection.peer().filter(withdrawn).isPresent()) {
                connection.close();
            }
        }
    }

    boolean isEmpty() {
        return open == 0 && waiting.isEmpty();
    }

    private void connect(Exchange exchange) {
        open++;
        relay.connector().open(key.upstream(), key.offer(), key.source(), opening -> {
            switch (opening) {
                case Opened(var channel, var peer, var _) -> {
                    var connection = new UpstreamConnection(this, channel, peer);
                    connections.add(connection);
                    channel.pipeline()
                            .addLast(new HttpClientCodec(StrictRequestDecoder.config(), false, false))
                            .addLast(connection);
                    if (exchange.isOver()) {
                        connection.giveBack();
                    } else {
                        connection.lend(exchange);
                    }
                }
                case UpstreamFailure failure -> {
                    ended();
                    exchange.unreachable(failure);
                }
            }
        });
    }

    /// Somebody wants a fresh connection while idle ones fill the pool.
    private void makeRoom() {
        var oldest = idle.pollFirst();
        if (oldest != null) {
            oldest.close();
        }
    }

    private void closeIdle(long sinceNanos) {
        for (var oldest = idle.peekFirst();
                oldest != null && (retired || oldest.idleSinceNanos() - sinceNanos < 0);
                oldest = idle.peekFirst()) {
            idle.removeFirst();
            oldest.close();
        }
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
