package io.countersign.dataplane.outbound;

import io.countersign.dataplane.http.HttpRelay;
import io.countersign.dataplane.http.RelayedService;
import io.countersign.dataplane.http.RelayedService.Client;
import io.countersign.dataplane.http.RequestRouter;
import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.relay.LingeringClose;
import io.countersign.dataplane.telemetry.Direction;
import io.countersign.dataplane.tls.Offer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.util.Optional;

/// Listens for the application's own requests, as an HTTP proxy does.
public final class OutboundListener {
    private OutboundListener() {}

    public static Listener bind(EventLoops loops, InetSocketAddress address, RequestRouter router, HttpRelay relay) {
        var service =
                new RelayedService(Direction.OUTBOUND, Client.PLAIN, router, Offer.HTTP, Optional.empty(), () -> true);
        return Listener.bind(loops, address, new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new LingeringClose());
                relay.serveHttp1(channel, service);
            }
        });
    }
}
