package io.countersign.dataplane.http;

import io.countersign.dataplane.relay.RelaySettings;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/// Reads requests and refuses what could be read in two ways (RFC 9112, sections 6 and 11.2): Netty would drop the
/// length of a message that has both a length and an encoding, we refuse the message.
final class StrictRequestDecoder extends HttpRequestDecoder {
    StrictRequestDecoder() {
        super(config());
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

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both a content length and a transfer encoding");
    }
}
