package io.countersign.dataplane.http;

import io.countersign.dataplane.relay.LingeringClose;
import io.countersign.dataplane.relay.Opening.Opened;
import io.countersign.mesh.view.UpstreamTls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;

/// One connection of HTTP/2 to an upstream, each of whose streams serves an exchange. Belongs to one event loop.
final class Http2Upstream extends Http2Side<Http2Request> implements PooledConnection {
    /// Until the server has said how many it takes (RFC 9113, section 6.5.2, recommends no fewer).
    private static final int FIRST_STREAMS = 100;

    /// Servers end connections on which many requests are taken back. Whom that is meant for must not end those of
    /// others with it: past this, what is left finishes, and new requests go on another connection.
    private static final int CANCELLED_MAX = 100;

    private final UpstreamPool pool;
    private final Opened opened;
    private final AsciiString scheme;
    private int cancelled;
    private boolean retired;
    private boolean used;
    private long idleSinceNanos = System.nanoTime();

    private Http2Upstream(UpstreamPool pool, Opened opened) {
        super(Http2Hop::connected);
        this.pool = pool;
        this.opened = opened;
        this.scheme = pool.key().upstream().tls() instanceof UpstreamTls.Configured
                ? HttpScheme.HTTPS.name()
                : HttpScheme.HTTP.name();
    }

    /// Begins to speak on a connection that was opened.
    static Http2Upstream begin(UpstreamPool pool, Opened opened) {
        var upstream = new Http2Upstream(pool, opened);
        upstream.hop.connection().local().maxActiveStreams(FIRST_STREAMS);
        opened.channel().pipeline().addLast(new FlushLater()).addLast(upstream.hop);
        opened.channel().closeFuture().addListener(_ -> pool.closed(upstream));
        return upstream;
    }

    @Override
    public Opened opened() {
        return opened;
    }

    @Override
    public boolean isFree() {
        var connection = hop.connection();
        return !retired
                && opened.channel().isActive()
                && !connection.goAwayReceived()
                && connection.local().canOpenStream()
                && connection.local().lastStreamCreated() < Integer.MAX_VALUE - 2;
    }

    @Override
    public void lend(Exchange to) {
        to.connected(new Http2Request(this, hop, to, used));
        used = true;
    }

    @Override
    public boolean isIdleSince(long nanos) {
        return hop.connection().numActiveStreams() == 0 && idleSinceNanos - nanos < 0;
    }

    @Override
    public void retire() {
        if (!retired) {
            retired = true;
            // The handler waits for the streams that are open.
            var _ = opened.channel().close();
        }
    }

    @Override
    public void close() {
        retire();
    }

    @Override
    public void cut() {
        LingeringClose.reset(opened.channel().pipeline());
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        if (isFree()) {
            pool.free(this);
        }
    }

    @Override
    void fields(Http2Stream stream, Http2Headers fields, boolean whole) throws Http2Exception {
        var request = at(stream);
        if (request == null) {
            return;
        }
        if (request.hasResponse()) {
            request.exchange().respond(Http2Fields.last(stream.id(), fields));
            return;
        }
        var head = Http2Fields.response(stream.id(), fields);
        if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            request.exchange().informed(head);
        } else {
            request.responded();
            request.exchange().respond(head, whole);
        }
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long code) {
        var request = remove(hop.connection().stream(streamId));
        if (request != null) {
            request.exchange().upstreamEnded(UpstreamEnd.reset(code));
        }
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long code, ByteBuf debug) {
        retire();
    }

    @Override
    void writable(Http2Stream stream) {
        var request = at(stream);
        if (request != null && hop.isWritable(stream)) {
            request.exchange().upstreamWritable();
        }
    }

    @Override
    void closed(Http2Stream stream) {
        idleSinceNanos = System.nanoTime();
        var request = remove(stream);
        if (request != null) {
            var last = hop.connection().local().lastStreamKnownByPeer();
            request.exchange()
                    .upstreamEnded(
                            hop.connection().goAwayReceived() && stream.id() > last
                                    ? UpstreamEnd.goneAway()
                                    : UpstreamEnd.closed("connection closed"));
        }
        if (isFree()) {
            pool.free(this);
        }
    }

    /// One of its requests was given up before it was answered.
    void cancelled() {
        cancelled++;
        if (cancelled == CANCELLED_MAX) {
            retire();
        }
    }

    AsciiString scheme() {
        return scheme;
    }
}
