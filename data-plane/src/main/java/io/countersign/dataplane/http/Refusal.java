package io.countersign.dataplane.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;

/// A response in the upstream's place.
///
/// @param body the reason, for people
record Refusal(HttpResponse head, LastHttpContent body) {
    static Refusal of(HttpResponseStatus status, String reason) {
        var body = Unpooled.copiedBuffer(reason + "\n", StandardCharsets.UTF_8);
        var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        return new Refusal(head, new DefaultLastHttpContent(body));
    }
}
