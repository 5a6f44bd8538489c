package io.countersign.dataplane.http;

import io.countersign.dataplane.loop.HeldBytes;
import io.countersign.dataplane.relay.LingeringClose;
import io.countersign.dataplane.relay.ServedConnection;
import io.countersign.dataplane.tls.PeerIdentity;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One accepted connection of HTTP/1, whose requests are relayed one at a time, in order. The last handler of its
/// pipeline; belongs to one event loop.
final class Http1Downstream extends ChannelInboundHandlerAdapter implements ServedConnection {
    private final UpstreamPools pools;
    private final RelayedService service;
    private final RelayResponseEncoder encoder;
    private final Caller caller;
    /// What was read and belongs to later requests. Bounded: nothing is read while it is not empty.
    private final ArrayDeque<Object> held = new ArrayDeque<>(0);

    private final ConnectionLogin login = new ConnectionLogin();
    private @Nullable ChannelHandlerContext context;
    private @Nullable Exchange exchange;
    private String address = "";
    private boolean pumping;
    private boolean draining;
    private boolean closing;
    private long drainingSinceNanos;
    private long idleSinceNanos = System.nanoTime();

    Http1Downstream(UpstreamPools pools, RelayedService service, Caller caller, RelayResponseEncoder encoder) {
        this.pools = pools;
        this.service = service;
        this.caller = caller;
        this.encoder = encoder;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        if (ctx.channel().remoteAddress() instanceof InetSocketAddress remote) {
            address = NetUtil.toSocketAddressString(remote);
        }
        pools.relay().opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (closing) {
            ReferenceCountUtil.release(message);
        } else if (!held.isEmpty() || !take(message)) {
            held.add(message);
            HeldBytes.of(ctx.channel()).took(StrictRequestDecoder.MESSAGE_BYTES);
        }
        if (!wantsMore()) {
            // At once: a loop reads many times before it says that it has read.
            throttle();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        throttle();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (exchange != null && ctx.channel().isWritable()) {
            exchange.downstreamWritable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent && exchange == null) {
            close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        var _ = ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        releaseHeld();
        if (exchange != null) {
            exchange.abandon();
            exchange = null;
        }
        login.end();
    }

    @Override
    public Channel channel() {
        return context().channel();
    }

    @Override
    public Optional<PeerIdentity> peer() {
        return service.client().peer();
    }

    @Override
    public void cut() {
        LingeringClose.reset(context().pipeline());
    }

    @Override
    public void hold(HeldBytes holding) {
        if (exchange != null) {
            exchange.hold(holding);
        }
        for (var each : held) {
            switch (each) {
                case HttpRequest head -> holding.add(StrictRequestDecoder.bytes(head), idleSinceNanos);
                case HttpContent piece ->
                    holding.add(
                            StrictRequestDecoder.MESSAGE_BYTES + piece.content().readableBytes(), idleSinceNanos);
                default -> holding.add(StrictRequestDecoder.MESSAGE_BYTES, idleSinceNanos);
            }
        }
    }

    @Override
    public OptionalLong idleSinceNanos() {
        return exchange == null && held.isEmpty() ? OptionalLong.of(idleSinceNanos) : OptionalLong.empty();
    }

    /// Lets the request in progress finish, says so in its response, and closes.
    @Override
    public void drain() {
        if (draining) {
            return;
        }
        draining = true;
        drainingSinceNanos = System.nanoTime();
        if (exchange == null && held.isEmpty()) {
            close();
        }
    }

    @Override
    public void tick(long nowNanos) {
        if (closing) {
            return;
        }
        var idle = nowNanos - pools.relay().settings().idleTimeout().toNanos();
        if (!draining && !service.admitted().getAsBoolean()) {
            drain();
        } else if (draining && nowNanos - drainingSinceNanos > pools.relay().drainTimeoutNanos()) {
            var _ = context().channel().close();
        } else if (exchange != null && exchange.touchedNanos() - idle < 0) {
            exchange.timedOut();
        } else if (exchange == null && idleSinceNanos - idle < 0) {
            close();
        }
    }

    ConnectionLogin login() {
        return login;
    }

    RelayedService service() {
        return service;
    }

    Caller caller() {
        return caller;
    }

    String address() {
        return address;
    }

    boolean isDraining() {
        return draining || !service.admitted().getAsBoolean();
    }

    boolean isWritable() {
        return context().channel().isWritable();
    }

    void writeHead(HttpResponse head, boolean answersHead) {
        encoder.answersHead(answersHead);
        write(head);
    }

    void write(Object message) {
        var _ = context().write(message, context().voidPromise());
    }

    /// The exchange is over; goes on with the next request.
    void exchanged(boolean closeAfter) {
        exchange = null;
        idleSinceNanos = System.nanoTime();
        if (closeAfter || draining) {
            close();
        } else {
            pump();
        }
    }

    /// Answers that bytes follow, and leaves the pipeline to them; false for a client that did not wait for the answer,
    /// which is reset: what it sent was read as requests.
    ///
    /// @param join adds who takes them
    boolean turn(HttpResponse head, Consumer<Channel> join) {
        var pipeline = context().pipeline();
        exchange = null;
        if (!held.isEmpty()) {
            cut();
            return false;
        }
        writeHead(
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        head.status(),
                        Unpooled.EMPTY_BUFFER,
                        head.headers(),
                        EmptyHttpHeaders.INSTANCE),
                false);
        pipeline.context(FlushLater.class).flush();
        pools.relay().closed(this);
        join.accept(pipeline.channel());
        pipeline.remove(this);
        // What the decoder holds is given to who comes next.
        pipeline.remove(StrictRequestDecoder.class);
        pipeline.remove(encoder);
        pipeline.remove(FlushLater.class);
        return true;
    }

    /// Ends the connection so that the client cannot take a response for whole.
    void reset() {
        exchange = null;
        closing = true;
        releaseHeld();
        LingeringClose.reset(context().pipeline());
    }

    /// Reads from the client only what can be passed on.
    void throttle() {
        var wanted = wantsMore();
        var config = context().channel().config();
        if (config.isAutoRead() != wanted) {
            config.setAutoRead(wanted);
        }
    }

    private boolean wantsMore() {
        return closing || (held.isEmpty() && (exchange == null || exchange.wantsMore()));
    }

    /// Takes what was held, as far as that is possible now.
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        while (!closing && !held.isEmpty() && take(Objects.requireNonNull(held.peek()))) {
            held.poll();
        }
        pumping = false;
        throttle();
    }

    private boolean take(Object message) {
        if (message instanceof HttpRequest head) {
            if (exchange != null) {
                return false;
            }
            var response = new Http1Response(this, head);
            exchange = new Exchange(response, pools, head);
            exchange.start();
        } else if (exchange != null && message instanceof HttpContent piece) {
            exchange.request(piece);
        } else {
            // The rest of a request that was answered already.
            ReferenceCountUtil.release(message);
        }
        return true;
    }

    private void close() {
        closing = true;
        releaseHeld();
        // After all that was written; the close itself lingers.
        var _ = context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void releaseHeld() {
        for (var message = held.poll(); message != null; message = held.poll()) {
            ReferenceCountUtil.release(message);
        }
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "not in a pipeline yet");
    }
}
