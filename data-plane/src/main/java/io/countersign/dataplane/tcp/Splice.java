package io.countersign.dataplane.tcp;

import io.countersign.dataplane.loop.HeldBytes;
import io.countersign.dataplane.relay.LingeringClose;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Consumer;

/// Joins two connections of one event loop byte for byte, both ways. Reads from one only what the other takes; passes
/// on the end of either direction, and a reset. Belongs to the event loop.
public final class Splice {
    /// What waits to be written to one side, at most, beside one read.
    private static final WriteBufferWaterMark WAITING_MAX = new WriteBufferWaterMark(64 * 1024, 128 * 1024);

    /// How a splice came to its end.
    public enum End {
        /// Both sides have said all that they had to say, or it was closed from here.
        CLOSED,
        /// The client reset its connection.
        CLIENT_RESET,
        /// The upstream reset its connection.
        UPSTREAM_RESET
    }

    private final Half client;
    private final Half upstream;
    private final Consumer<End> ended;
    private long touchedNanos = System.nanoTime();
    private boolean over;

    /// Two connections that [#start] joins.
    ///
    /// @param ended is told once, when both are closed or about to be
    public Splice(Channel client, Channel upstream, Consumer<End> ended) {
        this.ended = ended;
        this.client = new Half(client, End.CLIENT_RESET);
        this.upstream = new Half(upstream, End.UPSTREAM_RESET);
        this.client.other = this.upstream;
        this.upstream.other = this.client;
    }

    /// Joins them: what their pipelines give from now on, handlers that are removed afterwards included. Either may be
    /// closed already: then the end is told before this returns.
    public void start() {
        client.start();
        upstream.start();
    }

    /// Bytes from the client.
    public long received() {
        return client.read;
    }

    /// Bytes to the client.
    public long sent() {
        return upstream.read;
    }

    /// When the last byte came from either side.
    public long touchedNanos() {
        return touchedNanos;
    }

    /// Adds what is held of what the client sent.
    public void hold(HeldBytes held) {
        var waiting = upstream.channel.unsafe().outboundBuffer();
        if (waiting != null) {
            held.add(waiting.totalPendingWriteBytes(), touchedNanos);
        }
    }

    /// Ends both after what was written: with TLS's own goodbye where there is TLS.
    public void close() {
        if (end(End.CLOSED)) {
            client.close();
            upstream.close();
        }
    }

    /// Ends both with a TCP RST.
    public void reset() {
        if (end(End.CLOSED)) {
            LingeringClose.reset(client.channel.pipeline());
            LingeringClose.reset(upstream.channel.pipeline());
        }
    }

    private boolean end(End how) {
        var first = !over;
        over = true;
        if (first) {
            ended.accept(how);
        }
        return first;
    }

    /// One side: reads from its channel and writes to the other's.
    private final class Half extends ChannelInboundHandlerAdapter {
        private final Channel channel;
        private final End whenReset;
        private Half other = this;
        private long read;
        /// The peer has said all that it had to say.
        private boolean inputEnded;

        Half(Channel channel, End whenReset) {
            this.channel = channel;
            this.whenReset = whenReset;
        }

        void start() {
            channel.pipeline().addLast(this);
            if (!channel.isActive()) {
                // Who was added this late hears nothing of it.
                aborted();
                return;
            }
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
            channel.config().setWriteBufferWaterMark(WAITING_MAX);
            channel.config().setAutoRead(true);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            var bytes = (ByteBuf) message;
            read += bytes.readableBytes();
            if (over) {
                bytes.release();
                return;
            }
            var to = other.channel;
            var _ = to.write(bytes, to.voidPromise());
            if (!to.isWritable()) {
                to.flush();
                channel.config().setAutoRead(to.isWritable());
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            touchedNanos = System.nanoTime();
            other.channel.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (channel.isWritable() && !other.inputEnded) {
                other.channel.config().setAutoRead(true);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                inputEnded();
            } else if (event instanceof SslCloseCompletionEvent) {
                // The engine answers a goodbye by its own and takes no more: this side is closed as a whole.
                inputEnded = true;
                Splice.this.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            aborted();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (inputEnded && other.inputEnded) {
                Splice.this.close();
            } else {
                aborted();
            }
        }

        private void inputEnded() {
            if (inputEnded || over) {
                return;
            }
            inputEnded = true;
            if (other.inputEnded) {
                Splice.this.close();
            } else {
                other.endOutput();
            }
        }

        /// A FIN after all that was written, and TLS's goodbye later: with it the peer's engine would take no answer.
        private void endOutput() {
            var tls = channel.pipeline().context(SslHandler.class);
            channel.flush();
            var written = tls == null
                    ? channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    : tls.writeAndFlush(Unpooled.EMPTY_BUFFER);
            written.addListener(done -> {
                if (done.isSuccess() && channel.isActive()) {
                    var _ = ((DuplexChannel) channel).shutdownOutput();
                }
            });
        }

        private void close() {
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
            if (inputEnded && channel.pipeline().get(LingeringClose.class) != null) {
                // There is nothing left to wait for.
                channel.pipeline().remove(LingeringClose.class);
            }
            var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }

        /// The peer is gone, or cannot be read from or written to: the other one is told as abruptly.
        private void aborted() {
            if (end(whenReset)) {
                LingeringClose.reset(channel.pipeline());
                LingeringClose.reset(other.channel.pipeline());
            }
        }
    }
}
