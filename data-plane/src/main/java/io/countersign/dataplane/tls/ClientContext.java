package io.countersign.dataplane.tls;

import io.countersign.mesh.identity.SpiffeId;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SNIHostName;

/// A client's context for servers of whom the same is expected. It keeps their sessions, for itself alone and by
/// address. A server takes up sessions that it began with an earlier certificate, which may have ended since: so the
/// context is given up, sessions and all, when the first of the certificates that it has seen ends.
record ClientContext(SslContext context, SpiffeTrustManager trust) {
    /// So many sessions are kept, some 3 kB each.
    private static final int SESSIONS_MAX = 64;

    ClientContext {
        var sessions = TlsProfile.sessions(context);
        sessions.setSessionCacheSize(SESSIONS_MAX);
        sessions.setSessionTimeout(TlsProfile.SESSION_SECONDS);
        sessions.setSessionCacheEnabled(true);
    }

    /// What makes one client's context other than the next's.
    record Key(Set<SpiffeId> expected, String sni, Offer offer) {
        /// The server name to send: a host name, or none (RFC 6066, section 3).
        Optional<SNIHostName> serverName() {
            if (sni.isEmpty() || NetUtil.isValidIpV4Address(sni)) {
                return Optional.empty();
            }
            try {
                return Optional.of(new SNIHostName(sni));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }

    boolean lastsAt(Instant now) {
        return now.isBefore(trust.firstEnd());
    }

    /// A handler that may take up a session with the server of that address.
    SslHandler newHandler(ByteBufAllocator allocator, String address, int port) {
        return TlsProfile.withTimeout(context.newHandler(allocator, address, port));
    }

    /// A handler that takes up nothing.
    SslHandler newHandler(ByteBufAllocator allocator) {
        return TlsProfile.withTimeout(context.newHandler(allocator));
    }
}
