package io.countersign.samples;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What a program answers to one request, and what another one answered to it.
record Answer(int code, String contentType, ByteBuffer body) {

    static Answer json(String text) {
        return json(200, text);
    }

    static Answer json(int code, String text) {
        return text(code, "application/json", text);
    }

    static Answer text(int code, String contentType, String text) {
        return new Answer(code, contentType, StandardCharsets.UTF_8.encode(text));
    }

    static Answer empty(int code) {
        return new Answer(code, "text/html; charset=utf-8", ByteBuffer.allocate(0));
    }

    String text() {
        return StandardCharsets.UTF_8.decode(body.duplicate()).toString();
    }

    void send(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        int length = body.remaining();
        boolean withBody = length > 0 && !exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(code, withBody ? length : -1);
        if (withBody) {
            exchange.getResponseBody().write(body.array(), body.arrayOffset(), length);
        }
    }
}
