package io.countersign.dataplane.http;

import io.countersign.dataplane.telemetry.Direction;
import io.countersign.dataplane.tls.PeerIdentity;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/// One client's connection, and who is behind it, for what is shared among callers.
///
/// @param who an identity, or the address of a client without one; on the way out the workload itself, which shares
///     with nobody
record Caller(Object who, Channel connection) {
    private static final Object OURSELVES = new Object();

    static Caller of(RelayedService service, Channel connection) {
        if (service.direction() == Direction.OUTBOUND) {
            return new Caller(OURSELVES, connection);
        }
        return new Caller(
                service.client().peer().<Object>map(PeerIdentity::id).orElseGet(() -> address(connection)), connection);
    }

    boolean isOurselves() {
        return who.equals(OURSELVES);
    }

    private static Object address(Channel connection) {
        return connection.remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : "";
    }
}
