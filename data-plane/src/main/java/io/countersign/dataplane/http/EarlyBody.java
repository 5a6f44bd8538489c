package io.countersign.dataplane.http;

import io.netty.handler.codec.http.HttpContent;
import java.util.ArrayDeque;

/// What came of a request's body before there was a connection. Bounded: the client is not read while it is not empty.
/// Belongs to one event loop.
final class EarlyBody {
    private final ArrayDeque<HttpContent> pieces = new ArrayDeque<>(0);

    void add(HttpContent piece) {
        pieces.add(piece);
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    HttpContent remove() {
        return pieces.remove();
    }

    void release() {
        pieces.forEach(HttpContent::release);
        pieces.clear();
    }
}
