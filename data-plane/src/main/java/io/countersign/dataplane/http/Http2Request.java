package io.countersign.dataplane.http;

import io.countersign.dataplane.relay.Opening.Opened;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/// One stream of a connection to an upstream. Belongs to one event loop.
final class Http2Request extends Http2Side.End implements UpstreamLink {
    private final Http2Upstream connection;
    private final Http2Hop hop;
    private final Exchange exchange;
    private final boolean reused;
    private @Nullable Http2Stream stream;
    private boolean responded;
    private boolean wanted = true;

    Http2Request(Http2Upstream connection, Http2Hop hop, Exchange exchange, boolean reused) {
        this.connection = connection;
        this.hop = hop;
        this.exchange = exchange;
        this.reused = reused;
    }

    Exchange exchange() {
        return exchange;
    }

    boolean hasResponse() {
        return responded;
    }

    void responded() {
        responded = true;
    }

    @Override
    void pass(HttpContent piece) {
        exchange.respond(piece);
    }

    @Override
    boolean isWanted() {
        return wanted;
    }

    @Override
    public Opened opened() {
        return connection.opened();
    }

    @Override
    public boolean isReused() {
        return reused;
    }

    @Override
    public void begin(HttpRequest head, boolean bodyless) {
        var id = hop.connection().local().incrementAndGetNextStreamId();
        var _ = hop.write(id, Http2Fields.of(head, connection.scheme()), bodyless);
        stream = hop.connection().stream(id);
        if (stream == null) {
            exchange.upstreamEnded(UpstreamEnd.goneAway());
        } else {
            connection.put(stream, this);
        }
    }

    @Override
    public void write(HttpContent piece) {
        if (stream == null) {
            piece.release();
        } else {
            var _ = hop.write(stream.id(), piece);
        }
    }

    @Override
    public boolean isWritable() {
        return stream != null && hop.isWritable(stream);
    }

    @Override
    public void read(boolean now) {
        wanted = now;
        resume(hop, stream);
    }

    @Override
    public void release(boolean whole) {
        wanted = true;
        connection.remove(stream);
        if (stream != null && !whole) {
            hop.reset(stream.id(), Http2Error.CANCEL.code());
            connection.cancelled();
        }
    }
}
