package io.countersign.integration.bench.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.countersign.identity.IssuedSvid;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Clients that open one mutual-TLS connection after the other, each with a full handshake and one request. On
/// BoringSSL, so that they keep the server busy from one core; whether the server is who it should be is not asked,
/// since what the client's side costs is not measured.
final class HandshakeLoad implements AutoCloseable {
    private static final int CLIENTS = 32;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final SslContext context;
    private final InetSocketAddress server;
    private final byte[] request;
    private final AtomicLong answered = new AtomicLong();
    private volatile @Nullable Throwable fault;
    private volatile boolean ended;

    /// @param group of the key exchange
    HandshakeLoad(IssuedSvid client, InetSocketAddress server, String group, String request) {
        this.context = context(client, group);
        this.server = server;
        this.request = request.getBytes(US_ASCII);
    }

    /// Goes on for so long.
    ///
    /// @return how many connections had an answer
    long run(Duration time) {
        var before = answered.get();
        ended = false;
        for (int i = 0; i < CLIENTS; i++) {
            connect();
        }
        LockSupport.parkNanos(time.toNanos());
        ended = true;
        if (fault != null) {
            throw new IllegalStateException(server + " (expected: an answer on every connection)", fault);
        }
        return answered.get() - before;
    }

    @Override
    public void close() {
        var _ = loop.shutdownGracefully();
    }

    private void connect() {
        new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(context.newHandler(channel.alloc()))
                                .addLast(new Asking());
                    }
                })
                .connect(server)
                .addListener((ChannelFutureListener) connected -> {
                    if (connected.isSuccess()) {
                        connected.channel().closeFuture().addListener(_ -> next());
                    } else {
                        fault = connected.cause();
                    }
                });
    }

    private void next() {
        if (!ended && fault == null) {
            connect();
        }
    }

    /// TLS 1.3; what the mesh's clients say of themselves, and what both peers can agree to.
    private static SslContext context(IssuedSvid client, String group) {
        try {
            return SslContextBuilder.forClient()
                    .sslProvider(SslProvider.OPENSSL)
                    .keyManager(
                            client.svid().privateKey(), client.svid().chain().toArray(X509Certificate[]::new))
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm("")
                    .protocols("TLSv1.3")
                    .option(OpenSslContextOption.GROUPS, new String[] {group})
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            "istio",
                            "http/1.1"))
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS is not to be had", e);
        }
    }

    /// One request, one answer: only then has the server checked the client, too.
    private final class Asking extends ChannelInboundHandlerAdapter {
        private boolean done;

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess()) {
                    var _ = ctx.writeAndFlush(Unpooled.wrappedBuffer(request));
                } else {
                    fault = handshake.cause();
                }
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            if (!done) {
                done = true;
                answered.incrementAndGet();
                var _ = ctx.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!done) {
                fault = new IllegalStateException("closed before it answered");
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            fault = cause;
            var _ = ctx.close();
        }
    }
}
