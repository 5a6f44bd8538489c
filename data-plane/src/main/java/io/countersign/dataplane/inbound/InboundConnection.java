package io.countersign.dataplane.inbound;

import io.countersign.dataplane.http.ForwardedClientCert;
import io.countersign.dataplane.http.HttpRelay;
import io.countersign.dataplane.http.RelayedService;
import io.countersign.dataplane.http.RelayedService.Client;
import io.countersign.dataplane.relay.LingeringClose;
import io.countersign.dataplane.relay.Relay;
import io.countersign.dataplane.relay.Route;
import io.countersign.dataplane.telemetry.Direction;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.dataplane.tls.Offer;
import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.dataplane.tls.TlsContexts;
import io.countersign.dataplane.tls.TlsFacts;
import io.countersign.mesh.config.PortProtocol;
import io.countersign.mesh.view.Admission;
import io.countersign.mesh.view.Admission.Verdict;
import io.countersign.mesh.view.FirstBytes;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Sets up accepted connections of one port: sniff, admit, prove the client, sniff what is inside, relay. What is not
/// known to be allowed is reset.
final class InboundConnection extends ChannelInitializer<Channel> {
    /// A connection that has not said what it is by then is reset.
    static final Duration FIRST_BYTES_TIMEOUT = Duration.ofSeconds(10);

    private final InboundPort port;
    private final LiveTls tls;
    private final Relay relay;
    private final HttpRelay http;

    InboundConnection(InboundPort port, LiveTls tls, Relay relay, HttpRelay http) {
        this.port = port;
        this.tls = tls;
        this.relay = relay;
        this.http = http;
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline()
                .addLast(new LingeringClose())
                .addLast(new FirstBytesSniffer(FIRST_BYTES_TIMEOUT, this::admit));
    }

    private void admit(ChannelHandlerContext sniffer, FirstBytes first) {
        switch (Admission.decide(port.mode().get(), PortProtocol.HTTP, first)) {
            case TERMINATE_MUTUAL_TLS ->
                tls.current().ifPresentOrElse(contexts -> terminate(sniffer, contexts, first), () -> reset(sniffer));
            case RELAY_HTTP -> serve(sniffer.channel(), Client.PLAIN, first);
            case RELAY_RAW, RESET -> reset(sniffer);
        }
    }

    private void terminate(ChannelHandlerContext sniffer, TlsContexts contexts, FirstBytes first) {
        var handler = contexts.newServerHandler(sniffer.alloc());
        sniffer.pipeline()
                .addLast(handler)
                .addLast(new HandshakeWatch(
                        watch -> proved(watch, handler, contexts, first),
                        () -> relay.traffic().count("handshake_failed")));
    }

    private void proved(ChannelHandlerContext watch, SslHandler handler, TlsContexts contexts, FirstBytes first) {
        var peer = PeerIdentity.of(handler.engine());
        if (peer.isEmpty()) {
            reset(watch);
            return;
        }
        relay.traffic().count("handshake");
        var client = new Client(
                ForwardedClientCert.of(contexts.material().identity(), peer.get()),
                peer,
                Optional.of(TlsFacts.of(handler.engine())));
        watch.pipeline().addLast(new FirstBytesSniffer(FIRST_BYTES_TIMEOUT, (sniffer, inner) -> {
            if (inner == FirstBytes.HTTP1) {
                serve(sniffer.channel(), client, first);
            } else {
                reset(sniffer);
            }
        }));
    }

    private void serve(Channel channel, Client client, FirstBytes first) {
        var toApplication = new Route.Forward(List.of(port.application()));
        http.serveHttp1(
                channel,
                new RelayedService(
                        Direction.INBOUND,
                        client,
                        (_, _) -> toApplication,
                        Offer.HTTP,
                        Optional.empty(),
                        () -> Admission.decide(port.mode().get(), PortProtocol.HTTP, first) != Verdict.RESET));
    }

    private void reset(ChannelHandlerContext context) {
        relay.traffic().count("connection_reset");
        LingeringClose.reset(context.pipeline());
    }
}
