package io.countersign.dataplane.relay;

import io.countersign.dataplane.relay.Opening.Opened;
import io.countersign.dataplane.relay.UpstreamFailure.Kind;
import io.countersign.dataplane.telemetry.Direction;
import io.countersign.dataplane.telemetry.Telemetry;
import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.dataplane.tls.RootCause;
import io.countersign.dataplane.tls.TlsFacts;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The only handler of an upstream connection, beside TLS, until it can be used; it tells once.
final class OpeningWatch extends ChannelInboundHandlerAdapter {
    private final Optional<Function<ByteBufAllocator, SslHandler>> handlers;
    private final boolean mesh;
    private final Telemetry telemetry;
    private @Nullable Consumer<Opening> then;
    private @Nullable SslHandler tls;
    private @Nullable Throwable failure;

    /// @param mesh whether the server proves an identity of the mesh
    OpeningWatch(
            Optional<Function<ByteBufAllocator, SslHandler>> handlers,
            boolean mesh,
            Telemetry telemetry,
            Consumer<Opening> then) {
        this.handlers = handlers;
        this.mesh = mesh;
        this.telemetry = telemetry;
        this.then = then;
    }

    void end(Opening opening) {
        var told = then;
        then = null;
        if (told != null) {
            told.accept(opening);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        handlers.ifPresent(make -> {
            tls = make.apply(ctx.alloc());
            ctx.pipeline().addFirst(tls);
        });
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (tls == null) {
            opened(ctx, new Opened(ctx.channel(), Optional.empty(), Optional.empty()));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent handshake) || tls == null) {
            return;
        }
        if (handshake.isSuccess()) {
            var engine = tls.engine();
            var peer = mesh ? PeerIdentity.of(engine) : Optional.<PeerIdentity>empty();
            var facts = TlsFacts.of(engine);
            telemetry.handshake(Direction.OUTBOUND, facts);
            opened(ctx, new Opened(ctx.channel(), peer, Optional.of(facts)));
        } else {
            failure = handshake.cause();
            telemetry.handshakeFailed(Direction.OUTBOUND, handshake.cause());
            var _ = ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failure = cause;
        var _ = ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(new UpstreamFailure(Kind.TLS, failure == null ? "connection closed" : RootCause.message(failure)));
    }

    /// What the upstream sends from here on comes to the handlers that are added now.
    private void opened(ChannelHandlerContext ctx, Opened opened) {
        end(opened);
        ctx.pipeline().remove(this);
    }
}
