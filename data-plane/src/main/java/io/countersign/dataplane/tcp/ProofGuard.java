package io.countersign.dataplane.tcp;

import io.countersign.dataplane.relay.ForwardedCertName;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/// Keeps the field that names a proved caller out of bytes which an application may take for a request of HTTP though
/// they are none that we know. Looks at what the client sends until the server has answered with something that is not
/// HTTP. Belongs to one event loop.
final class ProofGuard extends ChannelInboundHandlerAdapter {
    private final Runnable forged;
    private boolean watching = true;
    private int matched;

    private ProofGuard(Runnable forged) {
        this.forged = forged;
    }

    /// Looks at what comes by both pipelines from now on.
    ///
    /// @param forged run when the client sends the field's name; the bytes that complete it are not passed on
    static void watch(Channel client, Channel upstream, Runnable forged) {
        var guard = new ProofGuard(forged);
        client.pipeline().addLast(guard);
        upstream.pipeline().addLast(guard.new Answer());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (watching && message instanceof ByteBuf bytes && bytes.forEachByte(this::goesOn) >= 0) {
            ReferenceCountUtil.release(message);
            forged.run();
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private boolean goesOn(byte b) {
        matched = ForwardedCertName.next(matched, b);
        return !ForwardedCertName.isWhole(matched);
    }

    /// What the server says first.
    private final class Answer extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            watching = !(message instanceof ByteBuf bytes) || FirstWord.isHttp(bytes);
            ctx.fireChannelRead(message);
            ctx.pipeline().remove(this);
        }
    }
}
