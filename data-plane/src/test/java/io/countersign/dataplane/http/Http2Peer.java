package io.countersign.dataplane.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// One side of HTTP/2 connections without TLS that sends the frames that a test says, and keeps what comes as text.
final class Http2Peer extends Http2ChannelDuplexHandler implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final boolean consumes;
    /// Each stream frame that came, as `HEADERS name: value…`, `DATA text`, `RESET code`; ` END` where it ends.
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

    final BlockingQueue<String> goAways = new LinkedBlockingQueue<>();
    private Channel channel;
    private Channel listening;

    private Http2Peer(boolean consumes) {
        this.consumes = consumes;
    }

    record Received(Http2FrameStream stream, String text) {}

    /// An application; it takes frames of all its connections.
    ///
    /// @param consumes whether it gives windows back
    static Http2Peer listen(boolean consumes) {
        var peer = new Http2Peer(consumes);
        peer.listening = new ServerBootstrap()
                .group(peer.group)
                .channel(NioServerSocketChannel.class)
                .childHandler(peer.initializer(Http2FrameCodecBuilder.forServer()))
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        return peer;
    }

    static Http2Peer connect(int port, boolean consumes) {
        var peer = new Http2Peer(consumes);
        peer.channel = new Bootstrap()
                .group(peer.group)
                .channel(NioSocketChannel.class)
                .handler(peer.initializer(Http2FrameCodecBuilder.forClient()))
                .connect(InetAddress.getLoopbackAddress(), port)
                .syncUninterruptibly()
                .channel();
        return peer;
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    Channel channel() {
        return channel;
    }

    static Http2Headers request(String method, String path) {
        return new DefaultHttp2Headers(false)
                .method(method)
                .path(path)
                .scheme("http")
                .authority("a");
    }

    static Http2Headers response(String status) {
        return new DefaultHttp2Headers(false).status(status);
    }

    /// Begins a stream of a client.
    Http2FrameStream begin(Http2Headers headers, boolean ends) {
        var stream = newStream();
        headers(stream, headers, ends);
        return stream;
    }

    void headers(Http2FrameStream stream, Http2Headers headers, boolean ends) {
        var _ = channel.writeAndFlush(new DefaultHttp2HeadersFrame(headers, ends).stream(stream));
    }

    void data(Http2FrameStream stream, String text, boolean ends) {
        var _ = offer(stream, text, ends);
    }

    /// Sends a piece of a body; done when flow control has let it go.
    ChannelFuture offer(Http2FrameStream stream, String text, boolean ends) {
        var bytes = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        return channel.writeAndFlush(new DefaultHttp2DataFrame(bytes, ends).stream(stream));
    }

    void reset(Http2FrameStream stream, Http2Error error) {
        var _ = channel.writeAndFlush(new DefaultHttp2ResetFrame(error).stream(stream));
    }

    /// The next frame of any stream.
    Received take() throws InterruptedException {
        var next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no frame came");
        }
        return next;
    }

    int waiting() {
        return received.size();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (frame instanceof Http2StreamFrame of) {
            var text = text(of);
            if (!text.isEmpty()) {
                received.add(new Received(of.stream(), text));
            }
            if (consumes && of instanceof Http2DataFrame data) {
                var _ = ctx.writeAndFlush(
                        new DefaultHttp2WindowUpdateFrame(data.initialFlowControlledBytes()).stream(of.stream()));
            }
        } else if (frame instanceof Http2GoAwayFrame away) {
            goAways.add(Integer.toString(away.lastStreamId()));
        }
        ReferenceCountUtil.release(frame);
    }

    @Override
    public boolean isSharable() {
        return true;
    }

    @Override
    public void close() {
        var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static String text(Http2StreamFrame frame) {
        return switch (frame) {
            case Http2HeadersFrame headers -> {
                var text = new StringBuilder("HEADERS");
                headers.headers()
                        .forEach(field -> text.append(' ')
                                .append(field.getKey())
                                .append(": ")
                                .append(field.getValue()));
                yield text.append(headers.isEndStream() ? " END" : "").toString();
            }
            case Http2DataFrame data ->
                "DATA " + data.content().toString(StandardCharsets.US_ASCII) + (data.isEndStream() ? " END" : "");
            case Http2ResetFrame reset -> "RESET " + Http2Error.valueOf(reset.errorCode());
            default -> "";
        };
    }

    private ChannelInitializer<Channel> initializer(Http2FrameCodecBuilder codec) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel accepted) {
                accepted.pipeline()
                        .addLast(codec.initialSettings(Http2Settings.defaultSettings())
                                .validateHeaders(false)
                                .build())
                        .addLast(Http2Peer.this);
            }
        };
    }
}
