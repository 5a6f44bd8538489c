package io.countersign.dataplane.http;

import io.countersign.dataplane.loop.HeldBytes;
import io.countersign.dataplane.relay.LingeringClose;
import io.countersign.dataplane.relay.ServedConnection;
import io.countersign.dataplane.tls.PeerIdentity;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// One accepted connection of HTTP/2, each of whose streams is an exchange. Belongs to one event loop.
final class Http2Downstream extends Http2Side<Http2Response> implements ServedConnection {
    private final UpstreamPools pools;
    private final RelayedService service;
    private final Channel channel;
    private final String address;
    private final Caller caller;
    private boolean draining;
    private long drainingSinceNanos;
    private long idleSinceNanos = System.nanoTime();

    private Http2Downstream(UpstreamPools pools, RelayedService service, Channel channel) {
        super(Http2Hop::accepted);
        this.pools = pools;
        this.service = service;
        this.channel = channel;
        this.caller = Caller.of(service, channel);
        this.address = channel.remoteAddress() instanceof InetSocketAddress remote
                ? NetUtil.toSocketAddressString(remote)
                : "";
    }

    /// Serves the connection; its pipeline ends here.
    static void begin(UpstreamPools pools, RelayedService service, Channel channel) {
        var connection = new Http2Downstream(pools, service, channel);
        channel.pipeline().addLast(new FlushLater()).addLast(connection.hop);
        pools.relay().opened(connection);
    }

    @Override
    void fields(Http2Stream stream, Http2Headers fields, boolean whole) throws Http2Exception {
        var response = at(stream);
        if (response != null) {
            response.exchange().request(Http2Fields.last(stream.id(), fields));
            return;
        }
        var request = Http2Fields.request(stream.id(), fields, whole);
        var begun = new Http2Response(this, hop, stream);
        put(stream, begun);
        begun.start(new Exchange(begun, pools, request));
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        if (draining) {
            // Whatever the client sent before it heard of the end has come by now.
            finishDrain();
        }
    }

    @Override
    void writable(Http2Stream stream) {
        var response = at(stream);
        if (response != null && hop.isWritable(stream)) {
            response.exchange().downstreamWritable();
        }
    }

    @Override
    void closed(Http2Stream stream) {
        var response = remove(stream);
        idleSinceNanos = System.nanoTime();
        if (response != null) {
            response.exchange().abandon();
        }
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public Optional<PeerIdentity> peer() {
        return service.client().peer();
    }

    @Override
    public void cut() {
        LingeringClose.reset(channel.pipeline());
    }

    @Override
    public void hold(HeldBytes held) {
        for (var response : responses()) {
            response.hold(held);
        }
    }

    @Override
    public OptionalLong idleSinceNanos() {
        return hop.connection().numActiveStreams() == 0 ? OptionalLong.of(idleSinceNanos) : OptionalLong.empty();
    }

    /// First says that it takes no more, then, when the client must have heard that, which requests it has taken
    /// (RFC 9113, section 6.8), and closes when those are answered.
    @Override
    public void drain() {
        if (draining || !channel.isActive()) {
            return;
        }
        draining = true;
        drainingSinceNanos = System.nanoTime();
        var ctx = hop.context();
        var _ = hop.goAway(
                ctx, Integer.MAX_VALUE, Http2Error.NO_ERROR.code(), ctx.alloc().buffer(0), ctx.newPromise());
        var _ = hop.encoder().writePing(ctx, false, drainingSinceNanos, ctx.newPromise());
    }

    @Override
    public void tick(long nowNanos) {
        var idle = nowNanos - pools.relay().settings().idleTimeout().toNanos();
        if (!draining && !service.admitted().getAsBoolean()) {
            drain();
        } else if (draining && nowNanos - drainingSinceNanos > pools.relay().drainTimeoutNanos()) {
            cut();
        } else if (hop.connection().numActiveStreams() == 0) {
            if (idleSinceNanos - idle < 0) {
                drain();
            }
        } else {
            for (var response : responses()) {
                if (response.exchange().touchedNanos() - idle < 0) {
                    response.exchange().timedOut();
                }
            }
        }
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

    private void finishDrain() {
        var ctx = hop.context();
        var last = hop.connection().remote().lastStreamCreated();
        var _ = hop.goAway(ctx, last, Http2Error.NO_ERROR.code(), ctx.alloc().buffer(0), ctx.newPromise());
        // The handler waits for the streams that are open.
        var _ = channel.close();
    }

    private List<Http2Response> responses() {
        var all = new ArrayList<Http2Response>();
        try {
            hop.connection().forEachActiveStream(stream -> {
                var response = at(stream);
                if (response != null) {
                    all.add(response);
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException("the visitor throws none", e);
        }
        return all;
    }
}
