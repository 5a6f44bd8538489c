package io.countersign.dataplane.outbound;

import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.relay.ForwardedClientCert;
import io.countersign.dataplane.relay.LingeringClose;
import io.countersign.dataplane.relay.Relay;
import io.countersign.dataplane.relay.RelayedService;
import io.countersign.dataplane.relay.RequestRouter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;

/// Listens for the application's own requests, as an HTTP proxy does.
public final class OutboundListener {
    private OutboundListener() {}

    public static Listener bind(EventLoops loops, InetSocketAddress address, RequestRouter router, Relay relay) {
        var service = new RelayedService(router, ForwardedClientCert.NONE, () -> true);
        return Listener.bind(loops, address, new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new LingeringClose());
                relay.serve(channel, service);
            }
        });
    }
}
