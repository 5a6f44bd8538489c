package io.countersign.dataplane.outbound;

import io.countersign.dataplane.http.RelayedService;
import io.countersign.dataplane.http.RelayedService.Client;
import io.countersign.dataplane.tcp.FirstBytesSniffer;
import io.countersign.dataplane.tcp.RawConnection;
import io.countersign.dataplane.tcp.Sniffed;
import io.countersign.dataplane.tcp.TcpRelay;
import io.countersign.dataplane.telemetry.Direction;
import io.countersign.dataplane.telemetry.ResponseFlag;
import io.countersign.dataplane.tls.Offer;
import io.countersign.mesh.config.PortProtocol;
import io.countersign.mesh.view.Admission;
import io.countersign.mesh.view.FirstBytes;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/// Sets up one connection of the application's by where it was going and what it begins with.
final class OutboundConnection {
    /// The application is our own: who has said nothing by then is connected, and may go on saying nothing.
    private static final Duration FIRST_BYTES_TIMEOUT = Duration.ofSeconds(10);

    private final Channel channel;
    private final InetSocketAddress original;
    private final Destinations destinations;
    private final OutboundListener side;
    private final TcpRelay tcp;
    private final PortProtocol protocol;

    OutboundConnection(Channel channel, InetSocketAddress original, Destinations destinations, OutboundListener side) {
        this.channel = channel;
        this.original = original;
        this.destinations = destinations;
        this.side = side;
        tcp = new TcpRelay(side.relay());
        protocol = destinations.protocol(original);
    }

    void start() {
        if (protocol == PortProtocol.TCP) {
            raw("").serve();
        } else {
            channel.pipeline()
                    .addLast(new FirstBytesSniffer(
                            protocol,
                            FIRST_BYTES_TIMEOUT,
                            () -> protocol == PortProtocol.AUTO ? Optional.of(raw("")) : Optional.empty(),
                            this::decide));
        }
    }

    private void decide(ChannelHandlerContext sniffer, Sniffed sniffed, Optional<RawConnection> ahead) {
        switch (Admission.relay(protocol, sniffed.first())) {
            case RELAY_HTTP -> http(sniffed.first());
            case RELAY_RAW -> {
                if (!destinations.isKnown(original) && destinations.isKnown(sniffed.serverName())) {
                    raw(sniffed.serverName()).serve();
                } else {
                    ahead.orElseGet(() -> raw("")).serve();
                }
            }
            case TERMINATE_MUTUAL_TLS, RESET ->
                tcp.refuse(
                        channel,
                        Direction.OUTBOUND,
                        ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR,
                        "not HTTP on a port of HTTP: " + sniffed.first());
        }
    }

    private void http(FirstBytes first) {
        var isHttp2 = first == FirstBytes.HTTP2;
        var service = new RelayedService(
                Direction.OUTBOUND,
                Client.PLAIN,
                destinations.router(original),
                isHttp2 ? Offer.HTTP2 : Offer.HTTP,
                Optional.empty(),
                () -> true);
        if (isHttp2) {
            side.http().serveHttp2(channel, service);
        } else {
            side.http().serveHttp1(channel, service);
        }
    }

    private RawConnection raw(String serverName) {
        var load = side.relay().of(channel.eventLoop()).load();
        return tcp.connection(channel, destinations.raw(original, serverName, load));
    }
}
