package io.countersign.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /// What the request asks to change to; empty for nothing. HTTP/2 is left out, which is not spoken of that way any
    /// more (RFC 9113, section 3.1).
    static String upgrade(HttpHeaders headers) {
        if (!headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
            return "";
        }
        return protocols(headers.getAll(HttpHeaderNames.UPGRADE).stream())
                .filter(protocol -> !protocol.regionMatches(true, 0, "h2", 0, 2))
                .collect(Collectors.joining(", "));
    }

    /// Whether a response changes to something that was asked for, and to nothing else (RFC 9110, section 7.8). One
    /// that does not say what it changes to, changes to that.
    static boolean choosesFrom(String asked, HttpHeaders response) {
        var offered = protocols(Stream.of(asked)).toList();
        return !offered.isEmpty()
                && protocols(response.getAll(HttpHeaderNames.UPGRADE).stream())
                        .allMatch(chosen -> offered.stream().anyMatch(chosen::equalsIgnoreCase));
    }

    /// Removes them all from a response but what it changes to: one of those that were asked for.
    ///
    /// @param asked where it does not say
    static void keepUpgrade(HttpHeaders headers, String asked) {
        var chosen = headers.get(HttpHeaderNames.UPGRADE, asked);
        remove(headers);
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE).set(HttpHeaderNames.UPGRADE, chosen);
    }

    private static Stream<String> protocols(Stream<String> fields) {
        return fields.flatMap(value -> Stream.of(value.split(",", -1)))
                .map(String::strip)
                .filter(protocol -> !protocol.isEmpty());
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
