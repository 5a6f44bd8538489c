package io.countersign.dataplane.relay;

import io.countersign.dataplane.tls.RootCause;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/// One connection to an upstream: opened for an exchange, then lent to one after another by its pool. The last handler
/// of its pipeline; belongs to one event loop.
final class UpstreamConnection extends ChannelInboundHandlerAdapter {
    private final UpstreamPool pool;
    private final boolean tls;
    private @Nullable Exchange exchange;
    private @Nullable Channel channel;
    private @Nullable Throwable failure;
    private boolean active;
    private boolean ready;
    private boolean ended;
    private boolean reused;
    private long idleSinceNanos;

    UpstreamConnection(UpstreamPool pool, boolean tls, Exchange first) {
        this.pool = pool;
        this.tls = tls;
        this.exchange = first;
    }

    /// Lends a connection that has served before.
    void lend(Exchange to) {
        reused = true;
        exchange = to;
        to.connected(this);
    }

    /// Takes the connection from its exchange and gives it back to the pool.
    void giveBack() {
        exchange = null;
        if (channel != null) {
            channel.config().setAutoRead(true);
        }
        idleSinceNanos = System.nanoTime();
        pool.release(this);
    }

    /// Ends it; its exchange, if there is one, is not told.
    void discard() {
        exchange = null;
        close();
    }

    void close() {
        if (channel != null) {
            var _ = channel.close();
        }
    }

    boolean isUsable() {
        return ready && !ended && channel != null && channel.isActive();
    }

    boolean isReused() {
        return reused;
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    void write(Object message) {
        if (channel == null || ended) {
            ReferenceCountUtil.release(message);
            return;
        }
        var _ = channel.write(message, channel.voidPromise());
    }

    void flush() {
        if (channel != null) {
            channel.flush();
        }
    }

    boolean isWritable() {
        return channel == null || channel.isWritable();
    }

    void autoRead(boolean on) {
        if (channel != null) {
            channel.config().setAutoRead(on);
        }
    }

    /// The TCP connection could not be made.
    void notConnected(Throwable cause) {
        failure = cause;
        end();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        active = true;
        if (!tls) {
            becomeReady();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                becomeReady();
            } else {
                failure = handshake.cause();
                var _ = ctx.close();
            }
        } else if (event instanceof SslCloseCompletionEvent && exchange == null) {
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
        end();
    }

    private void becomeReady() {
        ready = true;
        var first = exchange;
        if (first == null || first.isOver()) {
            giveBack();
        } else {
            first.connected(this);
        }
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        pool.closed(this);
        var served = exchange;
        exchange = null;
        if (served == null) {
            return;
        }
        if (ready) {
            served.upstreamClosed(detail());
        } else {
            var kind = active ? UpstreamFailure.Kind.TLS : UpstreamFailure.Kind.CONNECT;
            served.unreachable(new UpstreamFailure(kind, detail()));
        }
    }

    private String detail() {
        return failure == null ? "connection closed" : RootCause.message(failure);
    }
}
