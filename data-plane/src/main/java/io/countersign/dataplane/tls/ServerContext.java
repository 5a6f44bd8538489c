package io.countersign.dataplane.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;

/// A server's context that lets clients take up sessions by ticket, also those of its predecessors. Nothing is kept of
/// a session; whoever takes one up is judged again by the trust manager.
final class ServerContext {
    private final SslContext context;
    private final OpenSslSessionContext sessions;
    private final TicketKeys tickets;
    /// Which keys the context has; 0 for none.
    private volatile long generation;

    ServerContext(SslContext context, TicketKeys tickets) {
        this.context = context;
        this.sessions = TlsProfile.sessions(context);
        this.tickets = tickets;
        sessions.setSessionCacheEnabled(false);
        sessions.setSessionTimeout(TlsProfile.SESSION_SECONDS);
    }

    SslHandler newHandler(ByteBufAllocator allocator) {
        var keys = tickets.current();
        if (keys.number() != generation) {
            put(keys);
        }
        return TlsProfile.withTimeout(context.newHandler(allocator));
    }

    private synchronized void put(TicketKeys.Generation keys) {
        if (keys.number() > generation) {
            sessions.setTicketKeys(keys.keys().toArray(OpenSslSessionTicketKey[]::new));
            generation = keys.number();
        }
    }
}
