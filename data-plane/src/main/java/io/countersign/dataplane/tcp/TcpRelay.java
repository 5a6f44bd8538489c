package io.countersign.dataplane.tcp;

import io.countersign.dataplane.relay.LingeringClose;
import io.countersign.dataplane.relay.Relay;
import io.countersign.dataplane.telemetry.ConnectionEnded;
import io.countersign.dataplane.telemetry.Direction;
import io.countersign.dataplane.telemetry.RelayedTo;
import io.countersign.dataplane.telemetry.ResponseFlag;
import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.Optional;

/// Relays connections as bytes on the event loops of a [Relay].
public record TcpRelay(Relay relay) {
    /// A connection to be served, or dialled ahead. Called on the client's event loop.
    public RawConnection connection(Channel client, RawRoute route) {
        return new RawConnection(relay.of(client.eventLoop()), client, route);
    }

    /// Resets a connection of which nothing was relayed, and tells so.
    public void refuse(Channel client, Direction direction, ResponseFlag flag, String detail) {
        var nobody = new RelayedTo(direction, "", Optional.empty(), Optional.empty(), Optional.empty());
        relay.of(client.eventLoop())
                .telemetry()
                .ended(new ConnectionEnded(nobody, address(client), flag, detail, 0, 0, 0));
        LingeringClose.reset(client.pipeline());
    }

    /// The peer's address and port as text.
    static String address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote ? NetUtil.toSocketAddressString(remote) : "";
    }
}
