package io.countersign.dataplane.relay;

import io.countersign.dataplane.loop.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Opens upstream connections on one event loop.
final class UpstreamConnector {
    private final EventLoop loop;
    private final Bootstrap bootstrap;

    UpstreamConnector(EventLoops loops, EventLoop loop, Duration connectTimeout) {
        this.loop = loop;
        bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(loops.channels())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(connectTimeout.toMillis()));
    }

    /// Where its connections live.
    EventLoop loop() {
        return loop;
    }

    /// Connects; the connection tells its exchange how that ended.
    ///
    /// @param tls makes the handler that finds whom the key names; null for plaintext
    void open(PoolKey key, @Nullable Function<ByteBufAllocator, SslHandler> tls, UpstreamConnection connection) {
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
                        if (tls != null) {
                            channel.pipeline().addLast(tls.apply(channel.alloc()));
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
