package io.countersign.dataplane.http;

import io.countersign.dataplane.loop.HeldBytes;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A request's body on its way: how far it has come, and what of it came before there was a connection to pass it on.
/// Bounded: the client is not read while that is there. Belongs to one event loop.
final class RequestBody {
    private final ArrayDeque<HttpContent> early = new ArrayDeque<>(0);
    private final HeldBytes held;
    private final boolean none;
    private boolean whole;
    private boolean begun;
    private boolean awaited;
    /// Of what came since the upstream took no more.
    private long stuck;

    /// @param held counts what the client's connection takes on
    RequestBody(HttpRequest head, HeldBytes held) {
        this.held = held;
        none = head.decoderResult().isSuccess() && !Framing.hasBody(head);
        whole = none;
    }

    boolean isNone() {
        return none;
    }

    boolean isWhole() {
        return whole;
    }

    /// Its first piece is what a connection is asked for with: nobody holds one for what he does not send.
    void await() {
        awaited = true;
    }

    boolean isAwaited() {
        return awaited;
    }

    boolean isWanted(@Nullable UpstreamLink upstream) {
        return whole || (upstream == null ? early.isEmpty() : upstream.isWritable());
    }

    /// The next piece, which is taken over.
    ///
    /// @return whether it was awaited
    boolean add(HttpContent piece, @Nullable UpstreamLink upstream) {
        if (piece instanceof LastHttpContent last) {
            whole = true;
            if (!last.trailingHeaders().isEmpty()) {
                ForwardedClientCert.remove(last.trailingHeaders());
            }
        }
        var size = StrictRequestDecoder.MESSAGE_BYTES + piece.content().readableBytes();
        if (upstream == null) {
            early.add(piece);
        } else {
            begun = true;
            upstream.write(piece);
        }
        if (upstream == null || !upstream.isWritable()) {
            stuck += size;
            held.took(size);
        } else {
            stuck = 0;
        }
        var first = awaited;
        awaited = false;
        return first;
    }

    /// Passes on what came early, for as long as there is an upstream.
    void pass(Supplier<@Nullable UpstreamLink> upstream) {
        for (var to = upstream.get(); to != null && !early.isEmpty(); to = upstream.get()) {
            begun = true;
            to.write(early.remove());
        }
    }

    /// Whether the request may be sent again: what was not acted on, and what is idempotent, where it may be the
    /// connection's age that failed it.
    boolean mayBeRepeated(HttpMethod method, UpstreamEnd end, @Nullable UpstreamLink link) {
        if (end.unsent()) {
            return !begun;
        }
        return link != null && link.isReused() && (none ? NextHop.isIdempotent(method) : !begun);
    }

    /// Bytes that are not passed on, as far as is known.
    long held(@Nullable UpstreamLink upstream) {
        return upstream != null && (whole || upstream.isWritable()) ? 0 : stuck;
    }

    void release() {
        early.forEach(HttpContent::release);
        early.clear();
    }
}
