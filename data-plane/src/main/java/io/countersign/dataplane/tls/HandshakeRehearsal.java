package io.countersign.dataplane.tls;

import io.countersign.identity.SvidUsage;
import io.countersign.identity.SvidVerification.Valid;
import io.countersign.mesh.view.UpstreamTls.MeshMutual;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Shakes hands in memory before contexts are published, with the same handlers that the sockets get.
final class HandshakeRehearsal {
    private static final ByteBufAllocator ALLOCATOR = ByteBufAllocator.DEFAULT;

    private final HandshakeRules rules;

    HandshakeRehearsal(HandshakeRules rules) {
        this.rules = rules;
    }

    /// Why the contexts may not be published, or nothing: new with new, old with new both ways where each trusts
    /// the other, and a client without a certificate, which must be refused. With one and the same certificate, old
    /// with new could show nothing that new with new does not.
    Optional<String> failure(TlsContexts next, @Nullable TlsContexts current) {
        var self = handshake(next, next).map(why -> "new with new: " + why);
        if (self.isPresent()) {
            return self;
        }
        if (current != null
                && !current.material().svid().equals(next.material().svid())
                && overlap(next, current, rules.clock().instant())) {
            var mixed = handshake(current, next)
                    .map(why -> "old client with new server: " + why)
                    .or(() -> handshake(next, current).map(why -> "new client with old server: " + why));
            if (mixed.isPresent()) {
                return mixed;
            }
        }
        var anonymous = next.newAnonymousHandler(ALLOCATOR, next.material().identity());
        return handshake(anonymous, next.newServerHandler(ALLOCATOR)).isPresent()
                ? Optional.empty()
                : Optional.of("a client without a certificate was let in");
    }

    /// Whether each trusts the other, and nobody refuses the old one as withdrawn.
    private boolean overlap(TlsContexts next, TlsContexts current, Instant now) {
        var old = current.material();
        return MaterialValidator.untrusted(next.material().svid().chain(), current.verifier(), now)
                        .isEmpty()
                && MaterialValidator.untrusted(old.svid().chain(), next.verifier(), now)
                        .isEmpty()
                && current.verifier().verify(old.svid().chain(), SvidUsage.SERVER, now)
                        instanceof Valid(var id, var authority)
                && rules.withdrawals()
                        .get()
                        .fault(PeerIdentity.of(old.leaf(), id, authority))
                        .isEmpty();
    }

    private static Optional<String> handshake(TlsContexts client, TlsContexts server) {
        return handshake(
                client.newClientHandler(
                        ALLOCATOR, new MeshMutual(Set.of(server.material().identity()), "")),
                server.newServerHandler(ALLOCATOR));
    }

    private static Optional<String> handshake(SslHandler client, SslHandler server) {
        try (var handshake = new MemoryHandshake(client, server)) {
            return handshake.failure();
        }
    }
}
