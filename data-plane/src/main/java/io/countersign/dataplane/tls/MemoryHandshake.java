package io.countersign.dataplane.tls;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;

/// Two handlers that shake hands in memory, as they would on sockets, and pass a byte. Tickets go with it: BoringSSL
/// sends them with the first answer.
final class MemoryHandshake implements AutoCloseable {
    /// A handshake takes four flights; more rounds than this mean that it stands still.
    private static final int ROUNDS_MAX = 20;

    private final SslHandler clientTls;
    private final SslHandler serverTls;
    private final EmbeddedChannel client;
    private final EmbeddedChannel server;

    MemoryHandshake(SslHandler clientTls, SslHandler serverTls) {
        this.clientTls = clientTls;
        this.serverTls = serverTls;
        client = new EmbeddedChannel(clientTls);
        server = new EmbeddedChannel(serverTls);
    }

    /// Why it failed, or nothing.
    Optional<String> failure() {
        try {
            var moved = true;
            for (var round = 0; moved && round < ROUNDS_MAX; round++) {
                var asked = move(client, server);
                var answered = move(server, client);
                moved = asked || answered;
            }
            return failureOf(clientTls).or(() -> failureOf(serverTls)).or(this::silence);
        } catch (RuntimeException e) {
            return Optional.of(RootCause.message(e));
        }
    }

    @Override
    public void close() {
        client.finishAndReleaseAll();
        server.finishAndReleaseAll();
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

    private Optional<String> silence() {
        server.writeOutbound(Unpooled.wrappedBuffer(new byte[1]));
        move(server, client);
        Object arrived = client.readInbound();
        ReferenceCountUtil.release(arrived);
        return arrived == null ? Optional.of("no byte passes") : Optional.empty();
    }

    private static Optional<String> failureOf(SslHandler handler) {
        var handshake = handler.handshakeFuture();
        if (handshake.isSuccess()) {
            return Optional.empty();
        }
        return Optional.of(handshake.isDone() ? RootCause.message(handshake.cause()) : "not finished");
    }
}
