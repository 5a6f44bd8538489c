package io.countersign.dataplane.tls;

import io.countersign.mesh.view.UpstreamTls.MeshMutual;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Shakes hands in memory before contexts are published, with the same handlers that the sockets get.
final class HandshakeRehearsal {
    private static final ByteBufAllocator ALLOCATOR = ByteBufAllocator.DEFAULT;

    /// A handshake takes four flights; more rounds than this mean that it stands still.
    private static final int ROUNDS_MAX = 20;

    private final InstantSource clock;

    HandshakeRehearsal(InstantSource clock) {
        this.clock = clock;
    }

    /// Why the contexts may not be published, or nothing: new with new, old with new both ways where each trusts the
    /// other, and a client without a certificate, which must be refused.
    Optional<String> failure(TlsContexts next, @Nullable TlsContexts current) {
        var self = handshake(next, next).map(why -> "new with new: " + why);
        if (self.isPresent()) {
            return self;
        }
        if (current != null && trustEachOther(next.material(), current.material(), clock.instant())) {
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

    private static boolean trustEachOther(TlsMaterial one, TlsMaterial other, Instant now) {
        return MaterialValidator.untrusted(one, other, now).isEmpty()
                && MaterialValidator.untrusted(other, one, now).isEmpty();
    }

    private static Optional<String> handshake(TlsContexts client, TlsContexts server) {
        return handshake(
                client.newClientHandler(
                        ALLOCATOR, new MeshMutual(Set.of(server.material().identity()), "")),
                server.newServerHandler(ALLOCATOR));
    }

    private static Optional<String> handshake(SslHandler clientTls, SslHandler serverTls) {
        var client = new EmbeddedChannel(clientTls);
        var server = new EmbeddedChannel(serverTls);
        try {
            var moved = true;
            for (var round = 0; moved && round < ROUNDS_MAX; round++) {
                var asked = move(client, server);
                var answered = move(server, client);
                moved = asked || answered;
            }
            return failureOf(clientTls).or(() -> failureOf(serverTls));
        } catch (RuntimeException e) {
            return Optional.of(RootCause.message(e));
        } finally {
            client.finishAndReleaseAll();
            server.finishAndReleaseAll();
        }
    }

    /// Moves what one side has written to the other; says whether there was anything.
    private static boolean move(EmbeddedChannel from, EmbeddedChannel to) {
        var moved = false;
        for (Object bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            to.writeInbound(bytes);
            moved = true;
        }
        return moved;
    }

    private static Optional<String> failureOf(SslHandler handler) {
        var handshake = handler.handshakeFuture();
        if (handshake.isSuccess()) {
            return Optional.empty();
        }
        return Optional.of(handshake.isDone() ? RootCause.message(handshake.cause()) : "not finished");
    }
}
