package io.countersign.dataplane.http;

import io.countersign.dataplane.loop.HeldBytes;
import io.countersign.dataplane.relay.RelaySettings;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ByteProcessor;
import java.util.List;

/// Reads requests and refuses what could be read in two ways (RFC 9112, sections 6 and 11.2): Netty would drop the
/// length of a message that has both a length and an encoding, we refuse the message. Says what is held of a head or
/// trailers that are not whole.
final class StrictRequestDecoder extends HttpRequestDecoder {
    /// About as much as an object for a field takes, beside its text.
    static final int FIELD_BYTES = 128;

    /// About as much as an object for a message or a piece of one takes, beside what is in it.
    static final int MESSAGE_BYTES = 256;

    private final CountedFields fields;
    private long begun;
    private boolean anew;
    private boolean inBody;

    StrictRequestDecoder() {
        this(new CountedFields());
    }

    private StrictRequestDecoder(CountedFields fields) {
        super(config().setHeadersFactory(fields.heads).setTrailersFactory(fields.trailers));
        this.fields = fields;
    }

    /// What both directions are read with.
    static HttpDecoderConfig config() {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(RelaySettings.LINE_MAX)
                .setMaxHeaderSize(RelaySettings.HEADERS_MAX)
                .setMaxChunkSize(RelaySettings.PIECE_MAX)
                .setValidateHeaders(true)
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true);
    }

    /// About as much memory as a head takes.
    static long bytes(HttpRequest head) {
        var bytes = (long) MESSAGE_BYTES + head.uri().length();
        for (var at = head.headers().iteratorCharSequence(); at.hasNext(); ) {
            var field = at.next();
            bytes += field.getKey().length() + field.getValue().length() + FIELD_BYTES;
        }
        return bytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        super.channelRead(ctx, message);
        if (!ctx.isRemoved()) {
            HeldBytes.of(ctx.channel())
                    .unfinished(
                            begun == 0 ? actualReadableBytes() : begun + fields.bytes() + actualReadableBytes(),
                            anew,
                            !inBody);
            anew = false;
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        var before = in.readerIndex();
        var whole = out.size();
        super.decode(ctx, in, out);
        if (out.size() > whole) {
            begun = 0;
            anew = true;
            inBody = !(out.getLast() instanceof LastHttpContent);
        } else if (begun > 0 || !isBlank(in, before)) {
            begun += in.readerIndex() - before;
        }
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both a content length and a transfer encoding");
    }

    /// Empty lines may stand before a request, and begin none (RFC 9112, section 2.2).
    private static boolean isBlank(ByteBuf in, int from) {
        return in.forEachByte(from, in.readerIndex() - from, ByteProcessor.FIND_NON_CRLF) < 0;
    }

    /// Counts the fields of the head or the trailers that are being read.
    private static final class CountedFields {
        final HttpHeadersFactory heads = counted(DefaultHttpHeadersFactory.headersFactory());
        final HttpHeadersFactory trailers = counted(DefaultHttpHeadersFactory.trailersFactory());
        private long count;

        long bytes() {
            return count * FIELD_BYTES;
        }

        private HttpHeadersFactory counted(DefaultHttpHeadersFactory strict) {
            var counting = strict.withNameValidator(name -> {
                count++;
                strict.getNameValidator().validateName(name);
            });
            return new HttpHeadersFactory() {
                @Override
                public HttpHeaders newHeaders() {
                    count = 0;
                    return counting.newHeaders();
                }

                @Override
                public HttpHeaders newEmptyHeaders() {
                    return counting.newEmptyHeaders();
                }
            };
        }
    }
}
