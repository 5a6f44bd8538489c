package io.countersign.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/// Whether a request can be relayed so that everybody on the way reads it alike.
sealed interface RequestCheck {
    record Accepted(RequestTarget target) implements RequestCheck {}

    record Refused(HttpResponseStatus status, String reason) implements RequestCheck {}

    static RequestCheck of(HttpRequest head) {
        if (head.decoderResult().isFailure()) {
            return unreadable(head.decoderResult().cause());
        }
        if (!head.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && !head.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return new Refused(
                    HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, "only HTTP/1.0 and HTTP/1.1 are spoken here");
        }
        var encodings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!encodings.isEmpty()) {
            if (head.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
                return bad("a transfer encoding in HTTP/1.0");
            }
            if (encodings.size() > 1 || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.getFirst())) {
                return new Refused(
                        HttpResponseStatus.NOT_IMPLEMENTED,
                        "transfer encodings other than chunked are not implemented");
            }
        }
        if (head.headers().getAll(HttpHeaderNames.HOST).size() != 1
                && head.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            return bad("not exactly one Host");
        }
        if (head.uri().chars().anyMatch(RequestCheck::isControl)) {
            return bad("a control character in the request target");
        }
        return RequestTarget.of(head)
                .<RequestCheck>map(Accepted::new)
                .orElseGet(() -> bad("the request target or Host cannot be read"));
    }

    private static RequestCheck unreadable(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ ->
                new Refused(HttpResponseStatus.REQUEST_URI_TOO_LONG, "the request line is too long");
            case TooLongHttpHeaderException _ ->
                new Refused(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the header is too large");
            default -> bad("the request cannot be read");
        };
    }

    /// What stands in no target (RFC 3986, section 2), and may end it early for who reads it next. Bytes above are let
    /// pass, as clients write UTF-8 there.
    private static boolean isControl(int c) {
        return c <= ' ' || c == 0x7f;
    }

    private static Refused bad(String reason) {
        return new Refused(HttpResponseStatus.BAD_REQUEST, reason);
    }
}
