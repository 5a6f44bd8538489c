package io.countersign.dataplane.relay;

import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.tls.TlsContexts;
import io.countersign.mesh.view.UpstreamTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Opens upstream connections on one event loop.
final class UpstreamConnector {
    private final Bootstrap bootstrap;

    UpstreamConnector(EventLoops loops, EventLoop loop, Duration connectTimeout) {
        bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(loops.channels())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(connectTimeout.toMillis()));
    }

    /// Connects; the connection tells its exchange how that ended.
    ///
    /// @param tls null for plaintext; else the contexts, and the key names whom they must find
    void open(PoolKey key, @Nullable TlsContexts tls, UpstreamConnection connection) {
        if (!NetUtil.isValidIpV4Address(key.address()) && !NetUtil.isValidIpV6Address(key.address())) {
            // Asking a name server would hold up the event loop.
            connection.notConnected(new UnknownHostException(key.address() + " (expected: an IP address)"));
            return;
        }
        bootstrap
                .clone()
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null && key.tls() instanceof UpstreamTls.MeshMutual mutual) {
                            channel.pipeline().addLast(tls.newClientHandler(channel.alloc(), mutual));
                        }
                        channel.pipeline()
                                .addLast(new HttpClientCodec(StrictRequestDecoder.config(), false, false))
                                .addLast(connection);
                    }
                })
                .connect(new InetSocketAddress(key.address(), key.port()))
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        connection.notConnected(connected.cause());
                    }
                });
    }
}
