package io.countersign.dataplane.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/// Flushes once, after the event loop has read whatever there is to read: many small writes of one turn, of many
/// requests too, become one TLS record and one system call.
final class FlushLater extends ChannelOutboundHandlerAdapter {
    private boolean scheduled;

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        var _ = ctx.write(message, promise);
        if (!scheduled) {
            scheduled = true;
            ctx.executor().execute(() -> {
                scheduled = false;
                ctx.flush();
            });
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        // What was written before is flushed with the rest.
    }

    /// TLS takes nothing any more once it closes.
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        ctx.flush();
        var _ = ctx.close(promise);
    }
}
