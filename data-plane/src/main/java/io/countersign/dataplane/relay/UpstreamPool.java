package io.countersign.dataplane.relay;

import io.countersign.dataplane.relay.UpstreamFailure.Kind;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayDeque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The connections of one event loop to one upstream, and the exchanges that wait for one. Both are bounded.
final class UpstreamPool {
    private final PoolKey key;
    private final @Nullable Function<ByteBufAllocator, SslHandler> tls;
    private final UpstreamConnector connector;
    private final RelaySettings settings;
    /// The one used last is lent first, so that those which are not needed grow old.
    private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    /// Connections that are being opened, in use or idle.
    private int open;

    private boolean retired;

    /// @param tls makes the handler of a connection; null for plaintext
    UpstreamPool(
            PoolKey key,
            @Nullable Function<ByteBufAllocator, SslHandler> tls,
            UpstreamConnector connector,
            RelaySettings settings) {
        this.key = key;
        this.tls = tls;
        this.connector = connector;
        this.settings = settings;
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
        open--;
        idle.remove(connection);
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

    int inFlight() {
        return open - idle.size() + waiting.size();
    }

    boolean isEmpty() {
        return open == 0 && waiting.isEmpty();
    }

    private void connect(Exchange exchange) {
        open++;
        connector.open(key, tls, new UpstreamConnection(this, tls != null, exchange));
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
