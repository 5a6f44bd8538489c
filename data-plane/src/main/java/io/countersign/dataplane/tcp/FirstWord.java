package io.countersign.dataplane.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/// Waits at an upstream that was dialled ahead for it to speak first, and holds what it says until this is removed. A
/// server of HTTP may speak first, too: that does not make the connection one of raw bytes, for then a client could
/// have its requests passed on unread by being slow.
final class FirstWord extends ChannelInboundHandlerAdapter {
    private static final String HTTP1 = "HTTP/";
    private static final int FRAME_HEADER = 9;
    private static final int FRAME_TYPE = 3;
    private static final byte SETTINGS = 4;

    private final Runnable spoken;
    private final Runnable silenced;
    /// Bounded: no more is read when there is something.
    private final ArrayDeque<Object> held = new ArrayDeque<>();

    /// @param silenced run when it cannot be the one who speaks first
    FirstWord(Runnable spoken, Runnable silenced) {
        this.spoken = spoken;
        this.silenced = silenced;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var first = held.isEmpty();
        held.add(message);
        if (first) {
            ctx.channel().config().setAutoRead(false);
            (isHttp((ByteBuf) message) ? silenced : spoken).run();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        silenced.run();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        silenced.run();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        for (var message = held.poll(); message != null; message = held.poll()) {
            ctx.fireChannelRead(message);
        }
        ctx.fireChannelReadComplete();
    }

    /// An early answer of HTTP/1, or the SETTINGS frame with which a server of HTTP/2 begins (RFC 9113, section 3.4).
    static boolean isHttp(ByteBuf bytes) {
        var length = Math.min(bytes.readableBytes(), HTTP1.length());
        if (bytes.toString(bytes.readerIndex(), length, StandardCharsets.US_ASCII)
                .equals(HTTP1.substring(0, length))) {
            return true;
        }
        return bytes.getByte(bytes.readerIndex()) == 0
                && (bytes.readableBytes() < FRAME_HEADER
                        || bytes.getByte(bytes.readerIndex() + FRAME_TYPE) == SETTINGS);
    }
}
