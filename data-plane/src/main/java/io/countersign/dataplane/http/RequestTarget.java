package io.countersign.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;

/// What a request asks for (RFC 9112, section 3.2), in one form.
///
/// @param host without port and brackets, as written
/// @param port 80 where none is written
/// @param authority host and port as written: the Host field for the next hop
/// @param path path and query as they travel in a request line, or `*`
public record RequestTarget(String host, int port, String authority, String path) {
    private static final String HTTP = "http://";
    private static final int HTTP_PORT = 80;
    private static final int PORT_MAX = 65_535;

    /// Reads absolute-form, or origin-form with the Host field; empty for anything else, a wrong authority and a
    /// missing or repeated Host.
    static Optional<RequestTarget> of(HttpRequest request) {
        var uri = request.uri();
        if (uri.length() > HTTP.length() && uri.regionMatches(true, 0, HTTP, 0, HTTP.length())) {
            var end = HTTP.length();
            while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
                end++;
            }
            var path = uri.substring(end);
            return of(uri.substring(HTTP.length(), end), path.startsWith("/") ? path : "/" + path);
        }
        if (request.method().equals(HttpMethod.CONNECT)) {
            // The authority alone, always with its port (RFC 9110, section 9.3.6).
            return uri.lastIndexOf(':') > uri.lastIndexOf(']') ? of(uri, "") : Optional.empty();
        }
        var hosts = request.headers().getAll(HttpHeaderNames.HOST);
        var asterisk = uri.equals("*") && request.method().equals(HttpMethod.OPTIONS);
        return hosts.size() == 1 && (uri.startsWith("/") || asterisk) ? of(hosts.getFirst(), uri) : Optional.empty();
    }

    private static Optional<RequestTarget> of(String authority, String path) {
        var bracket = authority.startsWith("[") ? authority.indexOf(']') : -1;
        var colon = authority.indexOf(':', bracket + 1);
        var host = bracket > 0
                ? authority.substring(1, bracket)
                : authority.substring(0, colon < 0 ? authority.length() : colon);
        var between = bracket > 0 ? bracket + 1 : host.length();
        if (host.isEmpty() || !isHost(host) || between != (colon < 0 ? authority.length() : colon)) {
            return Optional.empty();
        }
        if (colon < 0) {
            return Optional.of(new RequestTarget(host, HTTP_PORT, authority, path));
        }
        return port(authority.substring(colon + 1)).map(port -> new RequestTarget(host, port, authority, path));
    }

    private static boolean isHost(String host) {
        return host.chars().allMatch(c -> (c < 128 && Character.isLetterOrDigit(c)) || "-._~:%".indexOf(c) >= 0);
    }

    private static Optional<Integer> port(String digits) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        var port = Integer.parseInt(digits);
        return port > 0 && port <= PORT_MAX ? Optional.of(port) : Optional.empty();
    }
}
