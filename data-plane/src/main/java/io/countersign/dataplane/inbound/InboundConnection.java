package io.countersign.dataplane.inbound;

import io.countersign.dataplane.http.ForwardedClientCert;
import io.countersign.dataplane.http.RelayedService;
import io.countersign.dataplane.http.RelayedService.Client;
import io.countersign.dataplane.relay.Route;
import io.countersign.dataplane.tcp.FirstBytesSniffer;
import io.countersign.dataplane.tcp.RawConnection;
import io.countersign.dataplane.tcp.RawRoute;
import io.countersign.dataplane.tcp.Sniffed;
import io.countersign.dataplane.tcp.TcpRelay;
import io.countersign.dataplane.telemetry.Direction;
import io.countersign.dataplane.telemetry.ResponseFlag;
import io.countersign.dataplane.telemetry.Telemetry;
import io.countersign.dataplane.tls.Offer;
import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.dataplane.tls.TlsContexts;
import io.countersign.dataplane.tls.TlsFacts;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.PortProtocol;
import io.countersign.mesh.view.Admission;
import io.countersign.mesh.view.Admission.Verdict;
import io.countersign.mesh.view.FirstBytes;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Sets up one accepted connection: sniff, admit, prove the client, sniff what is inside, relay. What is not known to
/// be allowed is reset.
final class InboundConnection {
    /// A connection that has not said what it is by then is reset, unless its server is as silent as it.
    static final Duration FIRST_BYTES_TIMEOUT = Duration.ofSeconds(10);

    /// With this protocol another sidecar says that its application speaks HTTP/2 itself.
    private static final String APPLICATION_HTTP2 = "istio-h2";

    private final Channel channel;
    private final InboundPort port;
    private final InboundListener side;
    private final Telemetry telemetry;
    private final TcpRelay tcp;

    InboundConnection(Channel channel, InboundPort port, InboundListener side) {
        this.channel = channel;
        this.port = port;
        this.side = side;
        telemetry = side.relay().of(channel.eventLoop()).telemetry();
        tcp = new TcpRelay(side.relay());
    }

    void start() {
        if (port.mode().get() == PortMode.DISABLE && port.protocol().get() == PortProtocol.TCP) {
            // Nothing that it could begin with would make a difference.
            raw(Client.PLAIN, admitted(FirstBytes.OTHER)).serve();
        } else {
            sniff(() -> decide(FirstBytes.SILENT), Client.PLAIN, admitted(FirstBytes.SILENT), this::admit);
        }
    }

    private void admit(ChannelHandlerContext ctx, Sniffed sniffed, Optional<RawConnection> ahead) {
        var first = sniffed.first();
        switch (decide(first)) {
            case TERMINATE_MUTUAL_TLS ->
                side.tls().current().ifPresentOrElse(contexts -> terminate(contexts, sniffed), this::reset);
            case RELAY_HTTP -> http(Client.PLAIN, first, first == FirstBytes.HTTP2, admitted(first));
            case RELAY_RAW -> serveRaw(sniffed, ahead, () -> raw(Client.PLAIN, admitted(first)));
            case RESET -> reset();
        }
    }

    private void terminate(TlsContexts contexts, Sniffed outer) {
        var handler = port.protocol().get() == PortProtocol.TCP
                ? contexts.newServerHandler(channel.alloc())
                : contexts.newHttpServerHandler(channel.alloc());
        // The client's last byte may come with the end of its handshake.
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.pipeline()
                .addLast(handler)
                .addLast(new HandshakeWatch(
                        _ -> proved(handler, contexts, outer),
                        cause -> telemetry.handshakeFailed(Direction.INBOUND, cause)));
    }

    private void proved(SslHandler handler, TlsContexts contexts, Sniffed outer) {
        var peer = PeerIdentity.of(handler.engine());
        if (peer.isEmpty()) {
            reset();
            return;
        }
        var facts = TlsFacts.of(handler.engine());
        telemetry.handshake(Direction.INBOUND, facts);
        var client = new Client(
                ForwardedClientCert.of(contexts.material().identity(), peer.get()), peer, Optional.of(facts));
        var lasts = side.tls().lasting(peer.get());
        var stands = admitted(outer.first());
        BooleanSupplier admitted = () -> stands.getAsBoolean() && lasts.getAsBoolean();
        if (port.protocol().get() == PortProtocol.TCP) {
            raw(client, admitted).serve();
        } else {
            sniff(
                    () -> Admission.relay(port.protocol().get(), FirstBytes.SILENT),
                    client,
                    admitted,
                    (_, inner, ahead) -> inside(inner, ahead, client, outer, admitted));
        }
    }

    /// What is inside mutual TLS goes on by its own first bytes.
    private void inside(
            Sniffed inner, Optional<RawConnection> ahead, Client client, Sniffed outer, BooleanSupplier admitted) {
        switch (Admission.relay(port.protocol().get(), inner.first())) {
            case RELAY_HTTP -> {
                var hopIsHttp2 =
                        client.tls().filter(tls -> tls.alpn().equals("h2")).isPresent();
                var applicationIsHttp2 =
                        hopIsHttp2 ? outer.protocols().contains(APPLICATION_HTTP2) : inner.first() == FirstBytes.HTTP2;
                http(client, inner.first(), applicationIsHttp2, admitted);
            }
            case RELAY_RAW -> serveRaw(inner, ahead, () -> raw(client, admitted));
            case TERMINATE_MUTUAL_TLS, RESET -> reset();
        }
    }

    private void sniff(
            Supplier<Verdict> whenSilent,
            Client client,
            BooleanSupplier admitted,
            FirstBytesSniffer.Decision decision) {
        channel.pipeline()
                .addLast(new FirstBytesSniffer(
                        port.protocol().get(),
                        FIRST_BYTES_TIMEOUT,
                        () -> whenSilent.get() == Verdict.RELAY_RAW
                                ? Optional.of(raw(client, admitted))
                                : Optional.empty(),
                        decision));
    }

    /// Who was not to be made out until time was up may turn out to be anything.
    private void serveRaw(Sniffed sniffed, Optional<RawConnection> ahead, Supplier<RawConnection> anew) {
        if (sniffed.first() == FirstBytes.SILENT) {
            reset();
        } else {
            ahead.orElseGet(anew).serve();
        }
    }

    private void http(Client client, FirstBytes first, boolean applicationIsHttp2, BooleanSupplier admitted) {
        var toApplication = new Route.Forward(List.of(port.application()));
        var service = new RelayedService(
                Direction.INBOUND,
                client,
                (_, _) -> toApplication,
                applicationIsHttp2 ? Offer.HTTP2 : Offer.HTTP,
                port.source(),
                admitted);
        if (first == FirstBytes.HTTP2) {
            side.http().serveHttp2(channel, service);
        } else {
            side.http().serveHttp1(channel, service);
        }
    }

    private RawConnection raw(Client client, BooleanSupplier admitted) {
        return tcp.connection(
                channel,
                new RawRoute(
                        Direction.INBOUND,
                        "",
                        List.of(port.application()),
                        RawRoute.Refusal.NONE,
                        client.peer(),
                        client.tls(),
                        port.source(),
                        admitted,
                        port.protocol().get() == PortProtocol.AUTO));
    }

    private Verdict decide(FirstBytes first) {
        return Admission.decide(port.mode().get(), port.protocol().get(), first);
    }

    /// Whether it would go on in the same way now.
    private BooleanSupplier admitted(FirstBytes first) {
        var verdict = decide(first);
        return () -> decide(first) == verdict;
    }

    private void reset() {
        tcp.refuse(channel, Direction.INBOUND, ResponseFlag.NOT_ADMITTED, "not admitted");
    }
}
