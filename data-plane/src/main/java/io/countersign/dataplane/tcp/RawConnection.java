package io.countersign.dataplane.tcp;

import io.countersign.dataplane.loop.HeldBytes;
import io.countersign.dataplane.relay.LingeringClose;
import io.countersign.dataplane.relay.LoopRelay;
import io.countersign.dataplane.relay.Opening.Opened;
import io.countersign.dataplane.relay.ServedConnection;
import io.countersign.dataplane.relay.UpstreamFailure;
import io.countersign.dataplane.telemetry.ConnectionEnded;
import io.countersign.dataplane.telemetry.RelayedTo;
import io.countersign.dataplane.telemetry.ResponseFlag;
import io.countersign.dataplane.tls.Offer;
import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.mesh.view.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// An accepted connection whose bytes are relayed to one upstream. Dialled when it is served, or ahead of that. Belongs
/// to the connection's event loop.
public final class RawConnection extends ChannelInboundHandlerAdapter implements ServedConnection {
    private final LoopRelay relay;
    private final Channel client;
    private final RawRoute route;
    private final RawLifetime lifetime;
    private final long sinceNanos = System.nanoTime();
    /// What the client sent before there was an upstream. Bounded: nothing more is read meanwhile.
    private final ArrayDeque<Object> held = new ArrayDeque<>();

    private int candidate;
    private boolean dialling;
    private boolean served;
    private boolean kept;
    private boolean over;
    private Runnable spoken = () -> {};
    /// Whether the certificates still last with which the upstream was connected to.
    private BooleanSupplier lasts = () -> true;
    private @Nullable Opened upstream;
    private @Nullable FirstWord firstWord;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Splice splice;

    RawConnection(LoopRelay relay, Channel client, RawRoute route) {
        this.relay = relay;
        this.client = client;
        this.route = route;
        lifetime = new RawLifetime(relay, () -> route.admitted().getAsBoolean() && lasts.getAsBoolean());
    }

    /// Connects before it is known whether this will be served.
    ///
    /// @param spoken run when the upstream speaks first, and not as servers of HTTP do
    void dialAhead(Runnable spoken) {
        this.spoken = spoken;
        dial();
    }

    /// Takes the client's pipeline, which ends here.
    public void serve() {
        served = true;
        relay.opened(this);
        client.config().setAutoRead(false);
        client.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        client.pipeline().addLast(this);
        if (upstream != null) {
            join(upstream);
        } else if (!dialling) {
            dial();
        }
    }

    /// Looks after the connection from now on, while nobody on it says anything.
    ///
    /// @return false where there is no upstream that could
    boolean keep() {
        kept = upstream != null && !over;
        if (kept) {
            relay.opened(this);
        }
        return kept;
    }

    /// What was dialled ahead is not needed.
    void abandonUnlessServed() {
        if (!served && !over) {
            over = true;
            relay.closed(this);
            letUpstreamGo();
        }
    }

    @Override
    public Channel channel() {
        return client;
    }

    @Override
    public Optional<PeerIdentity> peer() {
        return route.peer().or(() -> Optional.ofNullable(upstream).flatMap(Opened::peer));
    }

    @Override
    public void tick(long nowNanos) {
        switch (lifetime.at(nowNanos, splice == null ? sinceNanos : splice.touchedNanos())) {
            case GOES_ON -> {}
            case IDLE -> close(ResponseFlag.IDLE_TIMEOUT, "idle for too long");
            case DRAINED -> close(ResponseFlag.LOCAL_RESET, "drained");
        }
    }

    @Override
    public void hold(HeldBytes holding) {
        if (splice != null) {
            splice.hold(holding);
        }
        for (var each : held) {
            if (each instanceof ByteBuf early) {
                holding.add(early.readableBytes(), sinceNanos);
            }
        }
    }

    /// Bytes may be waited for, for as long as both sides like.
    @Override
    public OptionalLong idleSinceNanos() {
        return OptionalLong.empty();
    }

    @Override
    public void drain() {
        lifetime.drain();
    }

    @Override
    public void cut() {
        fail(ResponseFlag.LOCAL_RESET, "the peer was withdrawn");
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        held.add(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        held.add(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION, "the client left");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION, "the client left");
    }

    private void dial() {
        if (route.candidates().isEmpty()) {
            if (served) {
                fail(route.refusal().flag(), route.refusal().detail());
            }
            return;
        }
        dialling = true;
        var to = route.candidates().get(candidate);
        relay.load().begun(to);
        relay.connector().open(to, Offer.OPAQUE, route.source(), opening -> {
            dialling = false;
            switch (opening) {
                case Opened opened -> opened(opened);
                case UpstreamFailure failure -> unreachable(to, failure);
            }
        });
    }

    private void opened(Opened opened) {
        upstream = opened;
        opened.peer().ifPresent(peer -> lasts = relay.tls().lasting(peer));
        if (over) {
            letUpstreamGo();
        } else if (served) {
            join(opened);
        } else {
            firstWord = new FirstWord(spoken, this::silenced);
            opened.channel().pipeline().addLast(firstWord);
        }
    }

    private void unreachable(Upstream to, UpstreamFailure failure) {
        relay.load().ended(to);
        if (failure.kind() == UpstreamFailure.Kind.CONNECT) {
            relay.load().setAside(to);
            if (!over && candidate + 1 < route.candidates().size()) {
                candidate++;
                dial();
                return;
            }
        }
        if (served) {
            fail(ResponseFlag.UPSTREAM_CONNECTION_FAILURE, failure.reason());
        }
    }

    /// The upstream will not speak first: another is dialled when the client has spoken, unless that takes too long.
    private void silenced() {
        if (served || over) {
            return;
        }
        if (kept) {
            close(ResponseFlag.NONE, "");
        } else {
            letUpstreamGo();
        }
    }

    private void join(Opened opened) {
        var ctx = context;
        if (ctx == null || over) {
            return;
        }
        relay.telemetry().opened(relayed());
        var joined = new Splice(client, opened.channel(), this::ended);
        splice = joined;
        if (route.undeclared()) {
            ProofGuard.watch(
                    client,
                    opened.channel(),
                    () -> fail(
                            ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR,
                            "a field that is the mesh's to set, where no protocol is declared"));
        }
        joined.start();
        if (firstWord != null) {
            opened.channel().pipeline().remove(firstWord);
        }
        for (var each = held.poll(); each != null; each = held.poll()) {
            if (each instanceof ByteBuf) {
                ctx.fireChannelRead(each);
            } else {
                ctx.fireUserEventTriggered(each);
            }
        }
        ctx.fireChannelReadComplete();
        ctx.pipeline().remove(this);
    }

    private void ended(Splice.End how) {
        switch (how) {
            case CLOSED -> over(ResponseFlag.NONE, "");
            case CLIENT_RESET -> over(ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION, "reset by the client");
            case UPSTREAM_RESET -> over(ResponseFlag.UPSTREAM_CONNECTION_TERMINATION, "reset by the upstream");
        }
    }

    private void close(ResponseFlag flag, String detail) {
        var joined = splice;
        if (joined != null) {
            over(flag, detail);
            joined.close();
        } else if (served) {
            fail(flag, detail);
        } else {
            over(flag, detail);
            letUpstreamGo();
            var _ = client.close();
        }
    }

    /// Ends it with a TCP RST.
    private void fail(ResponseFlag flag, String detail) {
        if (over) {
            return;
        }
        over(flag, detail);
        if (splice != null) {
            splice.reset();
        } else {
            letUpstreamGo();
            LingeringClose.reset(client.pipeline());
        }
    }

    private void over(ResponseFlag flag, String detail) {
        if (over) {
            return;
        }
        over = true;
        held.forEach(ReferenceCountUtil::release);
        held.clear();
        if (upstream != null && splice != null) {
            relay.load().ended(route.candidates().get(candidate));
        }
        relay.closed(this);
        if (!served) {
            return;
        }
        relay.telemetry()
                .ended(new ConnectionEnded(
                        relayed(),
                        TcpRelay.address(client),
                        flag,
                        detail,
                        splice == null ? 0 : splice.received(),
                        splice == null ? 0 : splice.sent(),
                        System.nanoTime() - sinceNanos));
    }

    private void letUpstreamGo() {
        if (upstream != null) {
            relay.load().ended(route.candidates().get(candidate));
            var _ = upstream.channel().close();
            upstream = null;
        }
    }

    private RelayedTo relayed() {
        var reached = Optional.ofNullable(upstream);
        return new RelayedTo(
                route.direction(),
                route.service(),
                reached.map(_ -> route.candidates().get(candidate)),
                route.peer().or(() -> reached.flatMap(Opened::peer)),
                route.tls().or(() -> reached.flatMap(Opened::tls)));
    }
}
