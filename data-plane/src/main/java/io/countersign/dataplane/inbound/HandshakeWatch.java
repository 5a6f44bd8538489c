package io.countersign.dataplane.inbound;

import io.countersign.dataplane.loop.HeldBytes;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.Consumer;

/// Waits for a handshake's end. After a failure the TLS handler has sent its alert and closes.
public final class HandshakeWatch extends ChannelInboundHandlerAdapter {
    private final Consumer<ChannelHandlerContext> onSuccess;
    private final Consumer<Throwable> onFailure;

    public HandshakeWatch(Consumer<ChannelHandlerContext> onSuccess, Consumer<Throwable> onFailure) {
        this.onSuccess = onSuccess;
        this.onFailure = onFailure;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                HeldBytes.of(ctx.channel()).finished();
                onSuccess.accept(ctx);
                ctx.pipeline().remove(this);
            } else {
                onFailure.accept(handshake.cause());
            }
        } else if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            var _ = ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // The completion event says the same, and the TLS handler closes.
        var _ = ctx.close();
    }
}
