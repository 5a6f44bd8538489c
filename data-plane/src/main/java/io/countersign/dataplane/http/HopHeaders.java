package io.countersign.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Header fields that are meant for one connection only (RFC 9110, section 7.6.1).
final class HopHeaders {
    private static final List<AsciiString> FIXED = List.of(
            HttpHeaderNames.CONNECTION,
            AsciiString.cached("keep-alive"),
            AsciiString.cached("proxy-connection"),
            HttpHeaderNames.PROXY_AUTHORIZATION,
            HttpHeaderNames.PROXY_AUTHENTICATE,
            HttpHeaderNames.TE,
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.UPGRADE,
            AsciiString.cached("http2-settings"));

    /// A peer may not have these removed by naming them in its Connection field.
    private static final Set<String> KEPT = Set.of("host", "content-length", "content-type", "authorization", "cookie");

    private HopHeaders() {}

    /// What the request asks to change to; empty for nothing, and for HTTP/2, which is not spoken of that way any more
    /// (RFC 9113, section 3.1).
    static String upgrade(HttpHeaders headers) {
        var wanted = headers.get(HttpHeaderNames.UPGRADE);
        return wanted == null
                        || wanted.regionMatches(true, 0, "h2c", 0, 3)
                        || !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                ? ""
                : wanted;
    }

    /// Removes them all but the wish for trailers, which holds for the whole way (RFC 9110, section 6.5.1).
    static void removeFromRequest(HttpHeaders headers) {
        var trailers = headers.containsValue(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS, true);
        remove(headers);
        if (trailers) {
            headers.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
        }
    }

    /// Removes them all, those that the Connection field names too; the framing is written again by [Framing].
    static void remove(HttpHeaders headers) {
        if (headers.contains(HttpHeaderNames.CONNECTION)) {
            for (var value : headers.getAll(HttpHeaderNames.CONNECTION)) {
                for (var name : value.split(",", -1)) {
                    removeNamed(headers, name.strip());
                }
            }
        }
        for (var name : FIXED) {
            headers.remove(name);
        }
    }

    private static void removeNamed(HttpHeaders headers, String name) {
        if (!name.isEmpty() && !KEPT.contains(name.toLowerCase(Locale.ROOT))) {
            headers.remove(name);
        }
    }
}
