package io.countersign.dataplane.inbound;

import io.countersign.mesh.view.FirstBytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Holds a connection's first bytes until it is clear what they are, or until time is up. Whoever is told adds the
/// handlers that come next; the bytes held are theirs then.
public final class FirstBytesSniffer extends ByteToMessageDecoder {
    /// Is told once what the connection speaks, with the sniffer still in the pipeline.
    @FunctionalInterface
    public interface Decision {
        void decide(ChannelHandlerContext sniffer, FirstBytes first);
    }

    private final Duration patience;
    private final Decision decision;
    private @Nullable ScheduledFuture<?> deadline;

    public FirstBytesSniffer(Duration patience, Decision decision) {
        this.patience = patience;
        this.decision = decision;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor()
                .schedule(() -> decide(ctx, FirstBytes.OTHER), patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        stopClock();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        FirstBytesClassifier.classify(in).ifPresent(first -> decide(ctx, first));
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        stopClock();
        in.skipBytes(in.readableBytes());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        var _ = ctx.close();
    }

    private void decide(ChannelHandlerContext ctx, FirstBytes first) {
        stopClock();
        decision.decide(ctx, first);
        if (!ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
    }

    private void stopClock() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
