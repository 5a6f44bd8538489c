package io.countersign.dataplane.relay;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/// Stands before all handlers of an accepted connection that read or write. It makes a close end with a FIN and not
/// with the RST that the kernel sends while unread bytes lie there, which would take the last response or TLS alert
/// from the peer; and it makes an RST where one is meant.
public final class LingeringClose extends ChannelDuplexHandler {
    /// How long a peer may go on sending after we are done with it (RFC 9112, section 9.6).
    private static final long LINGER_SECONDS = 5;

    /// A peer is done who has sent nothing for so long after our FIN: TLS asks to close at once (RFC 8446, section 6),
    /// and a peer may keep its end open for ever. What it sent before it could know has come by then, over a round
    /// trip of 300 ms, and with one loss: Linux sends again after 200 ms at the earliest.
    private static final long QUIET_MILLIS = 500;

    private boolean closing;
    /// Whether the peer has sent anything since it was last looked.
    private boolean heard;

    /// Ends a connection with a TCP RST, past TLS and whatever else is in its pipeline.
    public static void reset(ChannelPipeline pipeline) {
        if (pipeline.channel().isOpen()) {
            pipeline.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            // From the first handler on, so that none of them comes to say goodbye.
            var first = pipeline.firstContext();
            var _ = first == null ? pipeline.close() : first.close();
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!(ctx.channel() instanceof DuplexChannel channel) || !channel.isActive()) {
            var _ = ctx.close(promise);
            return;
        }
        channel.closeFuture().addListener(_ -> promise.trySuccess());
        if (closing) {
            // A failed handshake is closed twice; to be quick the second time would take the alert from the peer.
            return;
        }
        closing = true;
        var deadline = ctx.executor()
                .schedule(
                        () -> {
                            var _ = ctx.close();
                        },
                        LINGER_SECONDS,
                        TimeUnit.SECONDS);
        channel.closeFuture().addListener(_ -> deadline.cancel(false));
        // The empty write ends after all that was written before it.
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                var _ = channel.shutdownOutput();
                closeWhenQuiet(ctx);
            } else {
                var _ = ctx.close();
            }
        });
        channel.config().setAutoRead(true);
    }

    private void closeWhenQuiet(ChannelHandlerContext ctx) {
        heard = false;
        var quiet = ctx.executor()
                .schedule(
                        () -> {
                            if (heard || !isAllTaken(ctx.channel())) {
                                closeWhenQuiet(ctx);
                            } else {
                                var _ = ctx.close();
                            }
                        },
                        QUIET_MILLIS,
                        TimeUnit.MILLISECONDS);
        ctx.channel().closeFuture().addListener(_ -> quiet.cancel(false));
    }

    /// Whether the peer has confirmed all that was sent: what comes from it later would else end that with an RST.
    private static boolean isAllTaken(Channel channel) {
        return channel instanceof EpollSocketChannel epoll && epoll.tcpInfo().unacked() == 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (closing) {
            heard = true;
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }
}
