package io.countersign.dataplane.tcp;

import io.countersign.dataplane.loop.HeldBytes;
import io.countersign.mesh.config.PortProtocol;
import io.countersign.mesh.view.FirstBytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Holds a connection's first bytes until it is clear what they are, or until time is up. Whoever is told adds the
/// handlers that come next; the bytes held are theirs then.
public final class FirstBytesSniffer extends ByteToMessageDecoder {
    /// A client that has not spoken by then may be waiting for the server to speak first.
    public static final Duration SILENCE = Duration.ofMillis(50);

    /// Is told once what the connection speaks, with the sniffer still in the pipeline: [FirstBytes#SILENT]
    /// where time is up, also when what was read has begun a handshake or a request that is not whole. Where the
    /// server is silent, too, both are waited for.
    @FunctionalInterface
    public interface Decision {
        /// Says how the connection goes on.
        ///
        /// @param ahead what was dialled while the client was silent; abandoned unless it is served now
        void decide(ChannelHandlerContext sniffer, Sniffed sniffed, Optional<RawConnection> ahead);
    }

    private final PortProtocol protocol;
    private final Duration patience;
    private final Supplier<Optional<RawConnection>> whenSilent;
    private final Decision decision;
    private @Nullable ScheduledFuture<?> silence;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable RawConnection ahead;

    /// For servers that never speak first.
    public FirstBytesSniffer(Duration patience, Decision decision) {
        this(PortProtocol.HTTP, patience, Optional::empty, decision);
    }

    /// For servers that may speak first.
    ///
    /// @param protocol of the port: on a [PortProtocol#TCP] one everything but TLS is [FirstBytes#OTHER]
    /// @param whenSilent whom to connect to ahead, since he may be the one to speak first; asked once
    public FirstBytesSniffer(
            PortProtocol protocol, Duration patience, Supplier<Optional<RawConnection>> whenSilent, Decision decision) {
        this.protocol = protocol;
        this.patience = patience;
        this.whenSilent = whenSilent;
        this.decision = decision;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        // Who has said all that he will say may still wait for an answer.
        ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        silence = ctx.executor().schedule(() -> dial(ctx), SILENCE.toMillis(), TimeUnit.MILLISECONDS);
        deadline = ctx.executor().schedule(() -> timeIsUp(ctx), patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        end();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        classify(in)
                .ifPresentOrElse(
                        sniffed -> decide(ctx, sniffed),
                        () -> HeldBytes.of(ctx.channel()).undecided(in.readableBytes()));
    }

    /// The client has said all: what it said is not going to be more.
    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!ctx.channel().isActive() || !in.isReadable()) {
            end();
            in.skipBytes(in.readableBytes());
            var _ = ctx.close();
        } else if (!ctx.isRemoved()) {
            decide(ctx, classify(in).orElseGet(() -> Sniffed.of(FirstBytes.OTHER)));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof SslCloseCompletionEvent) {
            // Who says goodbye says no more.
            super.userEventTriggered(ctx, ChannelInputShutdownEvent.INSTANCE);
            ctx.fireUserEventTriggered(event);
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end();
        var _ = ctx.close();
    }

    private Optional<Sniffed> classify(ByteBuf in) {
        return protocol == PortProtocol.TCP && in.getByte(in.readerIndex()) != ClientHello.HANDSHAKE_RECORD
                ? Optional.of(Sniffed.of(FirstBytes.OTHER))
                : FirstBytesClassifier.classify(in);
    }

    private void dial(ChannelHandlerContext ctx) {
        if (isEmpty() && !ctx.isRemoved()) {
            ahead = whenSilent.get().orElse(null);
            if (ahead != null) {
                ahead.dialAhead(() -> spoken(ctx));
            }
        }
    }

    /// The server spoke first. Where the client did, too, its bytes go before: they have to be known.
    private void spoken(ChannelHandlerContext ctx) {
        if (ahead != null && isEmpty() && !ctx.isRemoved()) {
            var served = ahead;
            ahead = null;
            served.serve();
            ctx.pipeline().remove(this);
        }
    }

    /// Where both sides may go on saying nothing, the first to speak still decides: what is passed on unread from here
    /// on could be a request.
    private void timeIsUp(ChannelHandlerContext ctx) {
        if (!isEmpty()) {
            decide(
                    ctx,
                    protocol == PortProtocol.AUTO
                            ? FirstBytesClassifier.whenTimeIsUp(internalBuffer())
                            : Sniffed.of(FirstBytes.SILENT));
        } else if (ahead == null || !ahead.keep()) {
            decide(ctx, Sniffed.of(FirstBytes.SILENT));
        }
    }

    private void decide(ChannelHandlerContext ctx, Sniffed sniffed) {
        var dialled = Optional.ofNullable(ahead);
        ahead = null;
        end();
        ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        decision.decide(ctx, sniffed, dialled);
        dialled.ifPresent(RawConnection::abandonUnlessServed);
        if (!ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
    }

    /// Whether nothing at all was read.
    private boolean isEmpty() {
        return actualReadableBytes() == 0;
    }

    private void end() {
        if (silence != null) {
            silence.cancel(false);
        }
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (ahead != null) {
            ahead.abandonUnlessServed();
            ahead = null;
        }
    }
}
