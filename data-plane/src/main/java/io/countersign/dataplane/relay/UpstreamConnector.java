package io.countersign.dataplane.relay;

import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.relay.UpstreamFailure.Kind;
import io.countersign.dataplane.telemetry.Telemetry;
import io.countersign.dataplane.tls.ConfiguredTls;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.dataplane.tls.Offer;
import io.countersign.dataplane.tls.RootCause;
import io.countersign.dataplane.tls.TlsContexts;
import io.countersign.mesh.view.Upstream;
import io.countersign.mesh.view.UpstreamTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Opens upstream connections on one event loop: TCP, and TLS as the upstream wants it, to the handshake's end. Every
/// method is called on that loop, and tells on that loop.
public final class UpstreamConnector {
    private static final int PORT_MAX = 65_535;

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final LiveTls tls;
    private final ConfiguredTls configured;
    private final Telemetry telemetry;

    UpstreamConnector(
            EventLoops loops,
            EventLoop loop,
            LiveTls tls,
            ConfiguredTls configured,
            Duration timeout,
            Telemetry telemetry) {
        this.loop = loop;
        this.telemetry = telemetry;
        this.tls = tls;
        this.configured = configured;
        bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(loops.channels())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(timeout.toMillis()));
    }

    /// Opens a connection, and tells how that ended; perhaps before it returns.
    ///
    /// @param source the local address to connect from; empty for the system's choice
    public void open(Upstream upstream, Offer offer, Optional<InetAddress> source, Consumer<Opening> then) {
        switch (upstream.tls()) {
            case UpstreamTls.Plaintext() -> connect(upstream, source, Optional.empty(), then);
            case UpstreamTls.MeshMutual mutual ->
                tls.current()
                        .ifPresentOrElse(
                                contexts -> connect(
                                        upstream,
                                        source,
                                        Optional.of(allocator ->
                                                contexts.newClientHandler(allocator, upstream, mutual, offer)),
                                        then),
                                () -> then.accept(new UpstreamFailure(Kind.NO_CERTIFICATE, upstream.address())));
            case UpstreamTls.Configured rule -> {
                var context = configured.context(rule);
                Runnable go = () -> {
                    if (context.isCompletedExceptionally()) {
                        var reason = String.valueOf(context.exceptionNow().getMessage());
                        then.accept(new UpstreamFailure(Kind.FILES, reason));
                    } else {
                        var built = context.join();
                        connect(upstream, source, Optional.of(allocator -> built.newHandler(allocator, offer)), then);
                    }
                };
                if (context.isDone()) {
                    go.run();
                } else {
                    var _ = context.whenCompleteAsync((_, _) -> go.run(), loop);
                }
            }
        }
    }

    /// The generation of the TLS contexts with which a connection would be made now; 0 where there are none.
    public long generation(UpstreamTls how) {
        return switch (how) {
            case UpstreamTls.Plaintext() -> 0;
            case UpstreamTls.MeshMutual _ ->
                tls.current().map(TlsContexts::generation).orElse(0L);
            case UpstreamTls.Configured rule -> configured.generation(rule);
        };
    }

    private void connect(
            Upstream upstream,
            Optional<InetAddress> source,
            Optional<Function<ByteBufAllocator, SslHandler>> handlers,
            Consumer<Opening> then) {
        var address = NetUtil.createInetAddressFromIpAddressString(upstream.address());
        if (address == null) {
            // Asking a name server would hold up the event loop.
            then.accept(new UpstreamFailure(Kind.CONNECT, upstream.address() + " (expected: an IP address)"));
            return;
        }
        if (upstream.port() < 1 || upstream.port() > PORT_MAX) {
            then.accept(new UpstreamFailure(Kind.CONNECT, "port " + upstream.port() + " (expected: 1 to 65535)"));
            return;
        }
        var watch = new OpeningWatch(handlers, upstream.tls() instanceof UpstreamTls.MeshMutual, telemetry, then);
        bootstrap
                .clone()
                .handler(watch)
                .connect(
                        new InetSocketAddress(address, upstream.port()),
                        source.map(local -> new InetSocketAddress(local, 0)).orElse(null))
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        watch.end(new UpstreamFailure(Kind.CONNECT, RootCause.message(connected.cause())));
                    }
                });
    }
}
