package io.countersign.dataplane.http;

import io.countersign.dataplane.loop.HeldBytes;
import io.countersign.dataplane.relay.RelaySettings;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The frames of one HTTP/2 connection, whichever side this is: its bounds, and bytes as exchanges have them. Follows
/// [FlushLater] in the pipeline. Belongs to one event loop.
final class Http2Hop extends Http2ConnectionHandler {
    /// Exchanges at a time on one connection: no fewer than RFC 9113 recommends (section 6.5.2), and so few that one
    /// client whose exchanges never end leaves connections to the application for others.
    static final int STREAMS_MAX = 100;

    /// So much of one body is held where the other side does not take it.
    private static final int STREAM_WINDOW = 256 * 1024;

    /// So much of all bodies together; several may be stuck before the others feel it.
    private static final int CONNECTION_WINDOW = 4 * 1024 * 1024;

    /// A sidecar's connection carries many clients, each of which may go away when it likes; past this rate, the
    /// connection is an attack (CVE-2023-44487).
    private static final int RESETS_MAX = 1_000;

    private static final int RESETS_SECONDS = 10;

    private @Nullable ChannelHandlerContext context;

    private final Http2Side<?> side;
    private final UnfinishedFrames unfinished = new UnfinishedFrames();

    private Http2Hop(
            Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings, Http2Side<?> side) {
        super(decoder, encoder, settings);
        this.side = side;
    }

    static Http2Hop accepted(Http2Side<?> side) {
        return new Builder(side).build(true, Http2Settings.defaultSettings().maxConcurrentStreams(STREAMS_MAX));
    }

    static Http2Hop connected(Http2Side<?> side) {
        return new Builder(side).build(false, Http2Settings.defaultSettings().pushEnabled(false));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        super.handlerAdded(ctx);
        var window = connection().local().flowController();
        var whole = connection().connectionStream();
        window.incrementWindowSize(whole, CONNECTION_WINDOW - window.windowSize(whole));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        super.channelRead(ctx, message);
        if (connection().isServer()) {
            HeldBytes.of(ctx.channel())
                    .unfinished(unfinished.held(actualReadableBytes()), unfinished.isAnew(), unfinished.isHead());
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        var before = in.readerIndex();
        super.decode(ctx, in, out);
        if (connection().isServer()) {
            unfinished.taken(in, before, in.readerIndex());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent && connection().numActiveStreams() == 0) {
            var _ = ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (cause instanceof IOException) {
            var _ = ctx.close();
        } else {
            onError(ctx, false, cause);
        }
    }

    /// Does not read from a client that does not read: heads and acknowledgements are under no window.
    /// Only from a client: of two sides that wait for each other, neither would go on.
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        super.channelWritabilityChanged(ctx);
        if (connection().isServer()) {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }
        // Below TLS a channel may stop to be writable and be so again before either is told; the flow controller then
        // sees no change, and whoever was held up would stay so.
        if (ctx.channel().isWritable()) {
            connection().forEachActiveStream(stream -> {
                side.writable(stream);
                return true;
            });
        }
    }

    ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "not in a pipeline yet");
    }

    boolean isWritable(Http2Stream stream) {
        return encoder().flowController().isWritable(stream);
    }

    ChannelFuture write(int stream, Http2Headers headers, boolean whole) {
        return encoder()
                .writeHeaders(context(), stream, headers, 0, whole, context().newPromise());
    }

    /// Writes a piece of a body, and takes it over; the last one, with its trailers, ends the stream.
    ChannelFuture write(int stream, HttpContent piece) {
        var trailers = piece instanceof LastHttpContent last ? last.trailingHeaders() : null;
        var ends = trailers != null && trailers.isEmpty();
        ChannelFuture written = context().newSucceededFuture();
        if (ends || piece.content().isReadable()) {
            written = encoder()
                    .writeData(
                            context(),
                            stream,
                            piece.content(),
                            0,
                            ends,
                            context().newPromise());
        } else {
            piece.release();
        }
        if (trailers != null && !ends) {
            written = write(stream, Http2Fields.trailers(trailers), true);
        }
        flush(context());
        return written;
    }

    /// The other side has taken bytes that were read.
    void consume(Http2Stream stream, int bytes) {
        try {
            if (decoder().flowController().consumeBytes(stream, bytes)) {
                flush(context());
            }
        } catch (Http2Exception e) {
            onError(context(), false, e);
        }
    }

    void reset(int stream, long code) {
        var _ = encoder().writeRstStream(context(), stream, code, context().newPromise());
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<Http2Hop, Builder> {
        private final Http2Side<?> side;

        Builder(Http2Side<?> side) {
            this.side = side;
        }

        Http2Hop build(boolean server, Http2Settings settings) {
            var connection = new DefaultHttp2Connection(server, 0);
            var flow = new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection));
            connection.remote().flowController(flow);
            flow.listener(side::writable);
            connection.addListener(new Http2ConnectionAdapter() {
                @Override
                public void onStreamClosed(Http2Stream stream) {
                    side.closed(stream);
                }
            });
            connection(connection);
            initialSettings(
                    settings.maxHeaderListSize(RelaySettings.HEADERS_MAX).initialWindowSize(STREAM_WINDOW));
            validateRequiredPseudoHeaders(true);
            gracefulShutdownTimeoutMillis(-1);
            decoderEnforceMaxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS);
            encoderEnforceMaxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS);
            frameListener(side);
            return build();
        }

        @Override
        protected Http2Hop build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            return new Http2Hop(decoder, encoder, settings, side);
        }
    }
}
