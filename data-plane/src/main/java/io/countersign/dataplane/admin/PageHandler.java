package io.countersign.dataplane.admin;

import io.countersign.dataplane.loop.HeldBytes;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers each request with its page.
final class PageHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(PageHandler.class);

    /// Nobody has anything to send here.
    private static final int BODY_MAX = 4 * 1024;

    private static final int IDLE_SECONDS = 60;

    private final Executor painter;
    private final Function<Asked, Page> pages;

    private PageHandler(Executor painter, Function<Asked, Page> pages) {
        this.painter = painter;
        this.pages = pages;
    }

    /// Serves HTTP/1.1 on a connection; its pipeline ends here.
    ///
    /// @param painter makes the pages one after another, for which an event loop has no time; may refuse
    static void serve(ChannelPipeline pipeline, Executor painter, Function<Asked, Page> pages) {
        pipeline.addLast(
                new ReadTimeoutHandler(IDLE_SECONDS),
                new HttpServerCodec(),
                new HttpServerKeepAliveHandler(),
                new HttpObjectAggregator(BODY_MAX),
                new PageHandler(painter, pages));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        HeldBytes.of(ctx.channel()).finished();
        var decoder = new QueryStringDecoder(request.uri());
        var headers = request.headers();
        var asked = new Asked(
                request.method(),
                decoder.rawPath(),
                decoder.parameters(),
                // Two are no name of ours.
                headers.contains(HttpHeaderNames.HOST)
                        ? Optional.of(String.join(", ", headers.getAll(HttpHeaderNames.HOST)))
                        : Optional.empty(),
                headers.contains(HttpHeaderNames.ORIGIN),
                (InetSocketAddress) ctx.channel().remoteAddress(),
                (InetSocketAddress) ctx.channel().localAddress());
        Supplier<Page> page = request.decoderResult().isFailure()
                ? () -> Page.text(HttpResponseStatus.BAD_REQUEST, "not HTTP/1.1\n")
                : () -> pages.apply(asked);
        painter.execute(() -> answer(ctx, asked, page));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // The peer is gone, silent or speaks no HTTP, or too much is asked at once.
        var _ = ctx.close();
    }

    private static void answer(ChannelHandlerContext ctx, Asked asked, Supplier<Page> pages) {
        Page page;
        try {
            page = pages.get();
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("path", asked.path()).setCause(e).log("admin page broke off");
            page = Page.text(HttpResponseStatus.INTERNAL_SERVER_ERROR, "see the log\n");
        }
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, page.status(), Unpooled.copiedBuffer(page.body(), StandardCharsets.UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, page.type())
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        if (page.status().equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            response.headers()
                    .set(
                            HttpHeaderNames.ALLOW,
                            asked.method().equals(HttpMethod.POST) ? HttpMethod.GET : HttpMethod.POST);
        }
        var _ = ctx.writeAndFlush(response);
    }
}
