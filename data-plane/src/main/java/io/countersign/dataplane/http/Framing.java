package io.countersign.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpUtil;
import java.util.stream.Stream;

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

    /// Whether no coding but chunked stands between the body as it travels and as it is meant (RFC 9112, sections 6.1
    /// and 7): the next hop would not be told of it. `identity`, of before that standard, is none.
    static boolean isOnlyChunked(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.TRANSFER_ENCODING).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(String::strip)
                .allMatch(coding -> HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding)
                        || HttpHeaderValues.IDENTITY.contentEqualsIgnoreCase(coding));
    }

    /// Whether a message that was read without fault says that it has a body; of a response without a length, nothing
    /// is said.
    static boolean hasBody(HttpMessage message) {
        return switch (of(message)) {
            case UNSAID -> false;
            case LENGTH -> HttpUtil.getContentLength(message) > 0;
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
