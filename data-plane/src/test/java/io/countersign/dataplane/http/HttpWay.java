package io.countersign.dataplane.http;

import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.relay.LingeringClose;
import io.countersign.dataplane.relay.Route;
import io.countersign.dataplane.telemetry.Direction;
import io.countersign.dataplane.tls.Offer;
import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.dataplane.tls.TlsFacts;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.view.Upstream;
import io.countersign.mesh.view.UpstreamTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The way of requests through two relays of HTTP, without what finds out who speaks what: client → outbound → inbound
/// → application.
final class HttpWay implements AutoCloseable {
    /// What the hop between the relays is like; the outer ones are plaintext, of the client's protocol.
    enum Hop {
        PLAINTEXT,
        /// Mutual TLS with a server that knows no HTTP/2.
        MUTUAL_HTTP1,
        MUTUAL_HTTP2
    }

    private final Listener inbound;
    private final Listener outbound;

    /// @param application what client and application speak
    HttpWay(TestSidecars sidecars, int appPort, Hop hop, Offer application) {
        var server = new HttpRelay(sidecars.serverRelay);
        var client = new HttpRelay(sidecars.clientRelay);
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        inbound = Listener.bind(sidecars.loops, anyPort, initializer(channel -> {
            if (hop == Hop.PLAINTEXT) {
                serve(server, channel, application == Offer.HTTP2, RelayedService.Client.PLAIN, appPort, application);
                return;
            }
            var contexts = sidecars.serverTls.current().orElseThrow();
            var tls = hop == Hop.MUTUAL_HTTP2
                    ? contexts.newHttpServerHandler(channel.alloc())
                    : contexts.newServerHandler(channel.alloc());
            channel.pipeline().addLast(tls);
            tls.handshakeFuture().addListener(_ -> {
                if (tls.handshakeFuture().isSuccess()) {
                    var peer = new RelayedService.Client(
                            ForwardedClientCert.of(
                                    TestSidecars.HTTPBIN,
                                    PeerIdentity.of(tls.engine()).orElseThrow()),
                            PeerIdentity.of(tls.engine()),
                            Optional.of(TlsFacts.of(tls.engine())));
                    serve(server, channel, "h2".equals(tls.applicationProtocol()), peer, appPort, application);
                }
            });
        }));
        var between = hop == Hop.PLAINTEXT
                ? new UpstreamTls.Plaintext()
                : new UpstreamTls.MeshMutual(Set.of(TestSidecars.HTTPBIN), "httpbin");
        outbound = Listener.bind(
                sidecars.loops,
                anyPort,
                initializer(channel -> start(
                        client,
                        channel,
                        application == Offer.HTTP2,
                        new RelayedService(
                                Direction.OUTBOUND,
                                RelayedService.Client.PLAIN,
                                (_, _) -> to(inbound.address().getPort(), between),
                                application,
                                Optional.empty(),
                                () -> true))));
    }

    int port() {
        return outbound.address().getPort();
    }

    int inboundPort() {
        return inbound.address().getPort();
    }

    @Override
    public void close() {
        inbound.close();
        outbound.close();
    }

    private static void serve(
            HttpRelay relay,
            Channel channel,
            boolean http2,
            RelayedService.Client peer,
            int appPort,
            Offer application) {
        start(
                relay,
                channel,
                http2,
                new RelayedService(
                        Direction.INBOUND,
                        peer,
                        (_, _) -> to(appPort, new UpstreamTls.Plaintext()),
                        application,
                        Optional.empty(),
                        () -> true));
    }

    private static void start(HttpRelay relay, Channel channel, boolean http2, RelayedService service) {
        if (http2) {
            relay.serveHttp2(channel, service);
        } else {
            relay.serveHttp1(channel, service);
        }
    }

    private static Route to(int port, UpstreamTls tls) {
        return new Route.Forward(List.of(new Upstream(ConfigKey.workload("full", "httpbin"), "127.0.0.1", port, tls)));
    }

    private static ChannelInitializer<Channel> initializer(Consumer<Channel> serve) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new LingeringClose());
                serve.accept(channel);
            }
        };
    }
}
