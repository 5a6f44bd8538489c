package io.countersign.dataplane.http;

import io.countersign.dataplane.relay.LingeringClose;
import io.countersign.dataplane.relay.Opening.Opened;
import io.countersign.dataplane.tls.RootCause;
import io.countersign.mesh.view.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection of HTTP/1 to an upstream, lent to one exchange after another by its pool. The last handler of its
/// pipeline; belongs to one event loop.
final class Http1Upstream extends ChannelInboundHandlerAdapter implements UpstreamLink, PooledConnection {
    private final UpstreamPool pool;
    private final Opened opened;
    private final Channel channel;
    private final RelayResponseDecoder decoder = new RelayResponseDecoder();
    private @Nullable Exchange exchange;
    /// Takes it back after each exchange, in the pool's place.
    private @Nullable ConnectionLogin login;
    private @Nullable Throwable failure;
    private boolean lent;
    private boolean reused;
    private boolean keepsAlive;
    /// Whether the request's method is HEAD.
    private boolean toHead;
    private boolean informational;
    /// The answer that bytes follow.
    private @Nullable HttpResponse turning;
    /// Bytes that came with it, and their end. Bounded: nothing more is read.
    private final ArrayDeque<Object> held = new ArrayDeque<>(0);
    private long idleSinceNanos = System.nanoTime();

    private Http1Upstream(UpstreamPool pool, Opened opened) {
        this.pool = pool;
        this.opened = opened;
        this.channel = opened.channel();
    }

    /// Speaks HTTP/1 on a connection that was opened.
    static Http1Upstream begin(UpstreamPool pool, Opened opened) {
        var upstream = new Http1Upstream(pool, opened);
        upstream.channel
                .pipeline()
                .addLast(new FlushLater())
                .addLast(upstream.decoder)
                .addLast(new HttpRequestEncoder())
                .addLast(upstream);
        return upstream;
    }

    @Override
    public void lend(Exchange to) {
        reused = lent;
        lent = true;
        keepsAlive = false;
        exchange = to;
        if (!to.upgrade().isEmpty()) {
            // What comes with the answer is still to be passed on when the server has said all that it had to say.
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        to.connected(this);
    }

    @Override
    public boolean isFree() {
        return exchange == null && channel.isActive();
    }

    @Override
    public boolean isIdleSince(long nanos) {
        return exchange == null && idleSinceNanos - nanos < 0;
    }

    @Override
    public void retire() {
        if (exchange == null) {
            close();
        }
    }

    @Override
    public void close() {
        var _ = channel.close();
    }

    @Override
    public void cut() {
        LingeringClose.reset(channel.pipeline());
    }

    @Override
    public Opened opened() {
        return opened;
    }

    @Override
    public boolean isReused() {
        return reused;
    }

    boolean leadsTo(Upstream endpoint) {
        return pool.key().upstream().equals(endpoint);
    }

    /// Is lent to nobody any more but for that login.
    void reserve(ConnectionLogin by) {
        login = by;
    }

    @Override
    public void begin(HttpRequest head, boolean bodyless) {
        toHead = HttpMethod.HEAD.equals(head.method());
        decoder.expect(toHead);
        // The next hop's answer has trailers where it likes; the wish for them would need a Connection field.
        head.headers().remove(HttpHeaderNames.TE);
        write(
                bodyless
                        ? new DefaultFullHttpRequest(
                                head.protocolVersion(),
                                head.method(),
                                head.uri(),
                                Unpooled.EMPTY_BUFFER,
                                head.headers(),
                                EmptyHttpHeaders.INSTANCE)
                        : head);
    }

    @Override
    public void write(HttpContent piece) {
        write((Object) piece);
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void read(boolean wanted) {
        var config = channel.config();
        if (config.isAutoRead() != wanted) {
            config.setAutoRead(wanted);
        }
    }

    @Override
    public void release(boolean whole) {
        exchange = null;
        read(true);
        if (!whole || !keepsAlive || !decoder.isDone()) {
            close();
            return;
        }
        idleSinceNanos = System.nanoTime();
        if (login == null) {
            // Not before the loop has read once more, from the socket too: what is still there ends the connection.
            var _ = channel.eventLoop().schedule(this::giveBack, 0, TimeUnit.NANOSECONDS);
        } else {
            login.keep(this);
        }
    }

    private void giveBack() {
        if (isFree()) {
            pool.free(this);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent || event instanceof ChannelInputShutdownEvent) {
            if (turning == null) {
                // The peer says that it sends no more; a request written now would be lost.
                var _ = ctx.close();
            } else {
                held.add(event);
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var served = exchange;
        if (served == null) {
            // Nobody asked for this: the connection cannot be trusted to be in step any more.
            ReferenceCountUtil.release(message);
            var _ = ctx.close();
        } else if (message instanceof HttpResponse head) {
            begin(served, head);
        } else if (turning != null) {
            held.add(message);
        } else if (message instanceof HttpContent piece) {
            pass(served, piece);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (exchange != null) {
            exchange.upstreamWritable();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failure = cause;
        var _ = ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
        pool.closed(this);
        var served = exchange;
        exchange = null;
        if (served != null) {
            served.upstreamEnded(
                    UpstreamEnd.closed(failure == null ? "connection closed" : RootCause.message(failure)));
        }
    }

    /// Leaves the pipeline to who was added for the bytes that follow.
    void turn() {
        exchange = null;
        pool.closed(this);
        var pipeline = channel.pipeline();
        var ctx = pipeline.context(this);
        for (var each = held.poll(); each != null; each = held.poll()) {
            switch (each) {
                // The codec takes bytes for a body, unless the answer is a WebSocket's.
                case HttpContent piece -> ctx.fireChannelRead(piece.content());
                case ByteBuf bytes -> ctx.fireChannelRead(bytes);
                default -> ctx.fireUserEventTriggered(each);
            }
        }
        ctx.fireChannelReadComplete();
        pipeline.remove(this);
        pipeline.remove(decoder);
        pipeline.remove(HttpRequestEncoder.class);
        pipeline.remove(FlushLater.class);
    }

    private void begin(Exchange served, HttpResponse head) {
        var turns = head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
        // Where nobody asked to change protocols, the field that asks was not passed on.
        if (head.decoderResult().isFailure() || (turns && !HopHeaders.choosesFrom(served.upgrade(), head.headers()))) {
            served.garbled("the upstream's response cannot be read");
            return;
        }
        if (turns) {
            turning = head;
            read(false);
            // The decoder is to be removed, and must not be at work then.
            channel.eventLoop().execute(() -> {
                if (exchange != null) {
                    exchange.upgraded(head, this);
                }
            });
            return;
        }
        var headers = head.headers();
        if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            informational = true;
            HopHeaders.remove(headers);
            served.informed(head);
            return;
        }
        var framing = Framing.of(head);
        var mayHaveBody = head.status().code() != HttpResponseStatus.NO_CONTENT.code()
                && head.status().code() != HttpResponseStatus.NOT_MODIFIED.code();
        var hasBody = mayHaveBody && !toHead;
        if (hasBody && !Framing.isOnlyChunked(headers)) {
            served.garbled("the upstream's response has a transfer coding other than chunked");
            return;
        }
        // Where a body is announced that must not be there, it may come nonetheless.
        keepsAlive = HttpUtil.isKeepAlive(head)
                && (hasBody ? framing != Framing.UNSAID : mayHaveBody || !Framing.hasBody(head));
        HopHeaders.remove(headers);
        served.respond(head, false);
    }

    private void pass(Exchange served, HttpContent piece) {
        if (piece.decoderResult().isFailure()) {
            piece.release();
            served.garbled("the upstream's response cannot be read");
        } else if (informational) {
            // The codec ends an interim response as it does every other.
            informational = !(piece instanceof LastHttpContent);
            piece.release();
        } else {
            served.respond(piece);
        }
    }

    private void write(Object message) {
        var _ = channel.write(message, channel.voidPromise());
    }
}
