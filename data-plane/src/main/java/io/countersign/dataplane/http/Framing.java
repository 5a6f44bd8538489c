package io.countersign.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpUtil;

/// How a message's body ends (RFC 9112, section 6.3).
enum Framing {
    /// No header says that there is a body: a request has none, a response's ends with the connection.
    UNSAID,
    LENGTH,
    CHUNKED;

    static Framing of(HttpMessage message) {
        if (HttpUtil.isTransferEncodingChunked(message)) {
            return CHUNKED;
        }
        return message.headers().contains(HttpHeaderNames.CONTENT_LENGTH) ? LENGTH : UNSAID;
    }

    /// Whether a request that was read without fault has a body.
    static boolean hasBody(HttpMessage request) {
        return switch (of(request)) {
            case UNSAID -> false;
            case LENGTH -> HttpUtil.getContentLength(request) > 0;
            case CHUNKED -> true;
        };
    }

    /// Writes the framing back after the hop's headers were removed.
    void writeTo(HttpHeaders headers) {
        if (this == CHUNKED) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
    }
}
