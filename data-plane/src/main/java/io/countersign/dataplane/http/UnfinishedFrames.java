package io.countersign.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;

/// Follows what a client's frames leave unfinished: a frame of which a part has come, and a block of fields whose end
/// has not (RFC 9113, section 4.3). The reader of frames holds both and tells of neither. Belongs to one event loop.
final class UnfinishedFrames {
    private static final int TYPE_AT = 3;
    private static final int FLAGS_AT = 4;

    /// Of the preface, then of one frame's payload.
    private int left = Http2CodecUtil.connectionPrefaceBuf().readableBytes();
    private int payload;
    private byte type = Http2FrameTypes.SETTINGS;
    private Http2Flags flags = new Http2Flags();
    private long block;
    private boolean anew;

    /// Takes note of what the reader has taken: headers of frames as a whole, payloads in any parts.
    void taken(ByteBuf in, int from, int to) {
        for (var at = from; at < to; ) {
            if (left == 0) {
                payload = in.getUnsignedMedium(at);
                left = payload;
                type = in.getByte(at + TYPE_AT);
                flags = new Http2Flags(in.getUnsignedByte(at + FLAGS_AT));
                at += Http2CodecUtil.FRAME_HEADER_LENGTH;
            }
            var part = Math.min(left, to - at);
            left -= part;
            at += part;
            if (left == 0) {
                ended();
            }
        }
    }

    /// Bytes that are held.
    ///
    /// @param unread what the reader has not taken
    long held(int unread) {
        return block + unread;
    }

    /// Whether what is held is a head's.
    boolean isHead() {
        return block > 0 || (left > 0 && isFields());
    }

    /// Whether anything was whole since this was last asked.
    boolean isAnew() {
        var is = anew;
        anew = false;
        return is;
    }

    private void ended() {
        block = isFields() && !flags.endOfHeaders() ? block + payload : 0;
        anew |= block == 0;
    }

    private boolean isFields() {
        return type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION;
    }
}
