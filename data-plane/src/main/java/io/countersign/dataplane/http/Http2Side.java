package io.countersign.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What both sides of HTTP/2 do alike with the frames of a connection: each stream stands for an exchange's end, which
/// gets its fields and pieces of its body, and gives the peer as much of the window back as was taken. Belongs to one
/// event loop.
///
/// @param <E> what a stream stands for
abstract class Http2Side<E extends Http2Side.End> extends Http2FrameAdapter {
    /// The connection's frames.
    final Http2Hop hop;

    private final Http2Connection.PropertyKey key;

    Http2Side(Function<Http2Side<?>, Http2Hop> made) {
        hop = made.apply(this);
        key = hop.connection().newKey();
    }

    /// Fields came: a head, or trailers.
    abstract void fields(Http2Stream stream, Http2Headers fields, boolean whole) throws Http2Exception;

    /// More can be written to a stream.
    abstract void writable(Http2Stream stream);

    /// A stream has ended, in whatever way.
    abstract void closed(Http2Stream stream);

    final void put(Http2Stream stream, E end) {
        stream.setProperty(key, end);
    }

    final @Nullable E at(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.getProperty(key);
    }

    final @Nullable E remove(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.removeProperty(key);
    }

    @Override
    public final void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean whole)
            throws Http2Exception {
        onHeadersRead(ctx, streamId, headers, padding, whole);
    }

    @Override
    public final void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean whole)
            throws Http2Exception {
        fields(hop.connection().stream(streamId), headers, whole);
    }

    @Override
    public final int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean whole) {
        End end = at(hop.connection().stream(streamId));
        var bytes = data.readableBytes() + padding;
        if (end == null) {
            return bytes;
        }
        var piece = data.retain();
        end.untaken += bytes;
        end.pass(whole ? new DefaultLastHttpContent(piece) : new DefaultHttpContent(piece));
        return end.isWanted() ? end.take() : 0;
    }

    /// One stream's end of an exchange.
    abstract static class End {
        /// Bytes that came and were not taken: the peer may send as many fewer.
        private int untaken;

        /// Passes a piece of the body on, which is the receiver's from here on.
        abstract void pass(HttpContent piece);

        /// Whether more of the body is wanted.
        abstract boolean isWanted();

        /// Gives back what was withheld of the window, where more is wanted now.
        final void resume(Http2Hop hop, @Nullable Http2Stream stream) {
            if (untaken > 0 && stream != null && isWanted()) {
                hop.consume(stream, take());
            }
        }

        private int take() {
            var bytes = untaken;
            untaken = 0;
            return bytes;
        }
    }
}
