package io.countersign.dataplane.outbound;

import io.countersign.dataplane.http.HttpRelay;
import io.countersign.dataplane.http.RelayedService;
import io.countersign.dataplane.http.RelayedService.Client;
import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.relay.LingeringClose;
import io.countersign.dataplane.relay.Relay;
import io.countersign.dataplane.telemetry.Direction;
import io.countersign.dataplane.tls.Offer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Listens for what the application sends out.
public record OutboundListener(EventLoops loops, Relay relay, HttpRelay http) {
    /// Listens as an HTTP proxy does.
    public Listener bind(InetSocketAddress address, OutboundRouter router) {
        var service =
                new RelayedService(Direction.OUTBOUND, Client.PLAIN, router, Offer.HTTP, Optional.empty(), () -> true);
        return Listener.bind(loops, address, connections(channel -> http.serveHttp1(channel, service)));
    }

    /// Listens for connections that the kernel leads here, wherever they were made to.
    ///
    /// @param originals where a connection was made to; empty resets it
    public Listener capture(
            InetSocketAddress address,
            Destinations destinations,
            Function<Channel, Optional<InetSocketAddress>> originals) {
        return Listener.bind(
                loops,
                address,
                connections(channel -> originals
                        .apply(channel)
                        .ifPresentOrElse(
                                original -> new OutboundConnection(channel, original, destinations, this).start(),
                                () -> LingeringClose.reset(channel.pipeline()))));
    }

    private static ChannelInitializer<Channel> connections(Consumer<Channel> serve) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new LingeringClose());
                serve.accept(channel);
            }
        };
    }
}
