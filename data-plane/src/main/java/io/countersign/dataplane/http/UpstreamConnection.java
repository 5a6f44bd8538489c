package io.countersign.dataplane.http;

import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.dataplane.tls.RootCause;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One connection to an upstream: opened for an exchange, then lent to one after another by its pool. The last handler
/// of its pipeline; belongs to one event loop.
final class UpstreamConnection extends ChannelInboundHandlerAdapter {
    private final UpstreamPool pool;
    private final Channel channel;
    private final Optional<PeerIdentity> peer;
    private @Nullable Exchange exchange;
    private @Nullable Throwable failure;
    private boolean lent;
    private boolean reused;
    private long idleSinceNanos;

    UpstreamConnection(UpstreamPool pool, Channel channel, Optional<PeerIdentity> peer) {
        this.pool = pool;
        this.channel = channel;
        this.peer = peer;
    }

    Optional<PeerIdentity> peer() {
        return peer;
    }

    void lend(Exchange to) {
        reused = lent;
        lent = true;
        exchange = to;
        to.connected(this);
    }

    /// Takes the connection from its exchange and gives it back to the pool.
    void giveBack() {
        exchange = null;
        channel.config().setAutoRead(true);
        idleSinceNanos = System.nanoTime();
        pool.release(this);
    }

    /// Ends it; its exchange, if there is one, is not told.
    void discard() {
        exchange = null;
        close();
    }

    void close() {
        var _ = channel.close();
    }

    boolean isUsable() {
        return channel.isActive();
    }

    boolean isReused() {
        return reused;
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    void write(Object message) {
        var _ = channel.write(message, channel.voidPromise());
    }

    void flush() {
        channel.flush();
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    void autoRead(boolean on) {
        channel.config().setAutoRead(on);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent && exchange == null) {
            // The peer says that it sends no more; a request written now would be lost.
            var _ = ctx.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var served = exchange;
        if (served == null || !(message instanceof HttpObject part)) {
            // Nobody asked for this: the connection cannot be trusted to be in step any more.
            ReferenceCountUtil.release(message);
            var _ = ctx.close();
            return;
        }
        served.response(part);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (exchange != null) {
            exchange.responseFlush();
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
        pool.closed(this);
        var served = exchange;
        exchange = null;
        if (served != null) {
            served.upstreamClosed(failure == null ? "connection closed" : RootCause.message(failure));
        }
    }
}
