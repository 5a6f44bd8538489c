package io.countersign.dataplane.http;

import io.countersign.mesh.view.Upstream;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A login that names the caller of a whole connection and not of one request (NTLM; Negotiate, RFC 4559). HTTP does
/// not know that (RFC 9110, section 3.3): the upstream connection serves nobody but the client connection that it was
/// made on, one request after another, and ends with it. Belongs to one event loop.
final class ConnectionLogin {
    private static final List<String> SCHEMES = List.of("NTLM", "Negotiate");

    private boolean begun;
    private boolean over;
    private @Nullable Http1Upstream reserved;

    /// Whether a request has to go on a connection of its client's own: it begins a login, or another did before.
    boolean covers(HttpHeaders request) {
        begun |= isIn(request);
        return begun;
    }

    /// Lends the connection of the login, if it leads there and is still open.
    boolean lend(Exchange to, Upstream endpoint) {
        var kept = reserved;
        reserved = null;
        if (kept != null && kept.isFree() && kept.leadsTo(endpoint)) {
            kept.lend(to);
            return true;
        }
        if (kept != null) {
            kept.close();
        }
        return false;
    }

    /// Takes a connection back after an exchange.
    void keep(Http1Upstream connection) {
        if (over) {
            connection.close();
        } else {
            reserved = connection;
        }
    }

    /// The client's connection has ended, or serves one request only.
    void end() {
        over = true;
        if (reserved != null) {
            reserved.close();
            reserved = null;
        }
    }

    private static boolean isIn(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.AUTHORIZATION).stream()
                .anyMatch(credentials -> SCHEMES.stream()
                        .anyMatch(scheme -> credentials.regionMatches(true, 0, scheme, 0, scheme.length())));
    }
}
