package io.countersign.dataplane.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.handler.codec.http.HttpResponseStatus;

/// What is answered to one request.
record Page(HttpResponseStatus status, String type, String body) {
    static Page text(HttpResponseStatus status, String body) {
        return new Page(status, "text/plain; charset=utf-8", body);
    }

    static Page json(JsonNode tree) {
        return new Page(HttpResponseStatus.OK, "application/json", tree.toPrettyString() + "\n");
    }
}
