package io.countersign.dataplane.http;

import static io.netty.handler.codec.http2.Http2Exception.streamError;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Header fields of HTTP/2 as HTTP/1's and back (RFC 9113, section 8). What could be read in two ways is refused; the
/// codec has refused pseudo-fields out of place, fields of a connection and upper-case names before.
final class Http2Fields {
    private static final Set<HttpMethod> WITH_CONTENT = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

    private static final String ASTERISK = "*";

    private Http2Fields() {}

    /// @param whole whether the request has no body
    static HttpRequest request(int stream, Http2Headers from, boolean whole) throws Http2Exception {
        try {
            var method = HttpMethod.valueOf(from.method().toString());
            var authority = from.authority();
            var path = from.path() == null ? authority : from.path();
            require(isTarget(method, path), "path");
            require(from.get(PseudoHeaderName.PROTOCOL.value()) == null, "extended CONNECT, which was not offered");
            var headers = copy(from);
            require(headers.getAll(HttpHeaderNames.HOST).size() <= 1, "several hosts");
            if (authority != null) {
                var host = headers.get(HttpHeaderNames.HOST);
                require(host == null || AsciiString.contentEqualsIgnoreCase(host, authority), "host and :authority");
                headers.set(HttpHeaderNames.HOST, authority);
            }
            if (!headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
                if (!whole) {
                    headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
                } else if (WITH_CONTENT.contains(method)) {
                    headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
                }
            }
            return new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, path.toString(), headers);
        } catch (IllegalArgumentException e) {
            throw streamError(stream, Http2Error.PROTOCOL_ERROR, e, "malformed request");
        }
    }

    static HttpResponse response(int stream, Http2Headers from) throws Http2Exception {
        try {
            var status = HttpResponseStatus.parseLine(from.status());
            require(!status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS), "status");
            return new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, copy(from));
        } catch (IllegalArgumentException e) {
            throw streamError(stream, Http2Error.PROTOCOL_ERROR, e, "malformed response");
        }
    }

    static LastHttpContent last(int stream, Http2Headers trailers) throws Http2Exception {
        try {
            // It checks names and values itself, and takes no field that frames a message.
            var last = new DefaultLastHttpContent();
            for (var field : trailers) {
                require(field.getKey().charAt(0) != ':', "pseudo-field in trailers");
                last.trailingHeaders().add(field.getKey(), field.getValue());
            }
            return last;
        } catch (IllegalArgumentException e) {
            throw streamError(stream, Http2Error.PROTOCOL_ERROR, e, "malformed trailers");
        }
    }

    /// @param scheme of the hop
    static Http2Headers of(HttpRequest head, AsciiString scheme) {
        var headers = head.headers();
        var to = new DefaultHttp2Headers(false, headers.size() + 4);
        to.method(head.method().asciiName()).scheme(scheme).path(head.uri());
        to.authority(headers.get(HttpHeaderNames.HOST));
        return copy(headers, to);
    }

    static Http2Headers of(HttpResponse head) {
        var to = new DefaultHttp2Headers(false, head.headers().size() + 1);
        to.status(head.status().codeAsText());
        return copy(head.headers(), to);
    }

    static Http2Headers trailers(HttpHeaders trailers) {
        return copy(trailers, new DefaultHttp2Headers(false, trailers.size()));
    }

    private static HttpHeaders copy(Http2Headers from) {
        var headers = new DefaultHttpHeaders();
        var length = false;
        @Nullable StringBuilder cookies = null;
        for (var field : from) {
            var name = field.getKey();
            var value = field.getValue();
            if (name.charAt(0) == ':') {
                continue;
            }
            if (HttpHeaderNames.COOKIE.contentEquals(name)) {
                // Split to compress better; it is one field elsewhere (RFC 9113, section 8.2.3).
                cookies = cookies == null
                        ? new StringBuilder(value)
                        : cookies.append("; ").append(value);
                continue;
            }
            if (HttpHeaderNames.CONTENT_LENGTH.contentEquals(name)) {
                require(!length && isNumber(value), "content-length");
                length = true;
            }
            headers.add(name, value);
        }
        if (cookies != null) {
            headers.add(HttpHeaderNames.COOKIE, cookies);
        }
        return headers;
    }

    /// What frames a message of HTTP/1 stays behind.
    private static Http2Headers copy(HttpHeaders from, Http2Headers to) {
        for (var fields = from.iteratorCharSequence(); fields.hasNext(); ) {
            var field = fields.next();
            var name = AsciiString.of(field.getKey()).toLowerCase();
            if (!HttpHeaderNames.HOST.contentEquals(name)
                    && !HttpHeaderNames.TRANSFER_ENCODING.contentEquals(name)
                    && !HttpHeaderNames.CONNECTION.contentEquals(name)) {
                to.add(name, field.getValue());
            }
        }
        return to;
    }

    private static boolean isNumber(CharSequence value) {
        return !value.isEmpty() && value.length() < 19 && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /// An absolute path as it stands in a request line, `*`, or the authority of CONNECT.
    private static boolean isTarget(HttpMethod method, @Nullable CharSequence path) {
        return path != null
                && !path.isEmpty()
                && (path.charAt(0) == '/' || ASTERISK.contentEquals(path) || HttpMethod.CONNECT.equals(method))
                && path.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }
}
