package io.countersign.dataplane.http;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/// Writes responses; one to HEAD has a body's headers and no body. Belongs to the connection's event loop.
final class RelayResponseEncoder extends HttpResponseEncoder {
    private boolean answersHead;

    /// Says what the next responses answer.
    void answersHead(boolean head) {
        answersHead = head;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
        return answersHead || super.isContentAlwaysEmpty(response);
    }
}
