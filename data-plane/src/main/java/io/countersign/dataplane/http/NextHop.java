package io.countersign.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Set;

/// A request as the next hop is to read it.
final class NextHop {
    private static final Set<HttpMethod> IDEMPOTENT = Set.of(
            HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE, HttpMethod.TRACE);

    private NextHop() {}

    /// Whether a request may reach it twice (RFC 9110, section 9.2.2).
    static boolean isIdempotent(HttpMethod method) {
        return IDEMPOTENT.contains(method);
    }

    /// Takes out what was meant for this hop, and says to the next one what is asked of it and by whom.
    ///
    /// @param upgrade what the client asks to change to; empty for nothing
    static void address(HttpRequest head, RequestTarget target, ForwardedClientCert client, String upgrade) {
        var headers = head.headers();
        var framing = Framing.of(head);
        HopHeaders.removeFromRequest(headers);
        framing.writeTo(headers);
        if (!upgrade.isEmpty()) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE).set(HttpHeaderNames.UPGRADE, upgrade);
        }
        client.writeTo(headers);
        headers.set(HttpHeaderNames.HOST, target.authority());
        head.setUri(target.path()).setProtocolVersion(HttpVersion.HTTP_1_1);
    }
}
