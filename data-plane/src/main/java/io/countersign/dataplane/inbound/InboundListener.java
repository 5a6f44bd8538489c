package io.countersign.dataplane.inbound;

import io.countersign.dataplane.http.HttpRelay;
import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.relay.LingeringClose;
import io.countersign.dataplane.relay.Relay;
import io.countersign.dataplane.tcp.OriginalDestination;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.mesh.config.PortMode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// Listens in the application's place.
public record InboundListener(EventLoops loops, LiveTls tls, Relay relay, HttpRelay http) {
    /// Listens at an address that stands for one port.
    public Listener bind(InetSocketAddress address, InboundPort port) {
        return Listener.bind(
                loops,
                address,
                connections(_ -> Optional.of(port)),
                bound -> new TreeMap<>(Map.of(bound.getPort(), port.mode().get())));
    }

    /// Listens for connections that the kernel leads here, whatever port they were made to.
    ///
    /// @param ports the port at an original destination
    /// @param modes what the ports that the mesh knows demand at the moment
    public Listener capture(
            InetSocketAddress address,
            Function<InetSocketAddress, InboundPort> ports,
            Supplier<SortedMap<Integer, PortMode>> modes) {
        return Listener.bind(
                loops,
                address,
                connections(channel -> OriginalDestination.of(channel).map(ports)),
                _ -> modes.get());
    }

    private ChannelInitializer<Channel> connections(Function<Channel, Optional<InboundPort>> ports) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new LingeringClose());
                ports.apply(channel)
                        .ifPresentOrElse(
                                port -> new InboundConnection(channel, port, InboundListener.this).start(),
                                () -> LingeringClose.reset(channel.pipeline()));
            }
        };
    }
}
