package io.countersign.dataplane.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/// The response's half of an exchange: at most one final response is written, with a framing that the client can
/// read, and the client's connection is kept where both may. Belongs to one event loop.
final class ResponseRelay {
    private final DownstreamConnection downstream;
    private final boolean clientIsHttp10;
    private final boolean clientKeepsAlive;
    private final boolean answersHead;
    private boolean begun;
    private boolean informational;
    private boolean closeAfter;
    private boolean endsWithConnection;
    private boolean upstreamKeepsAlive;

    /// Reads the request before its headers are changed for the next hop.
    ResponseRelay(DownstreamConnection downstream, HttpRequest request) {
        this.downstream = downstream;
        this.clientIsHttp10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        this.clientKeepsAlive = HttpUtil.isKeepAlive(request);
        this.answersHead = request.method().equals(HttpMethod.HEAD);
    }

    boolean hasBegun() {
        return begun;
    }

    boolean upstreamMayBeReused() {
        return upstreamKeepsAlive;
    }

    /// Writes one part of the upstream's response; says whether it was the last.
    boolean relay(HttpObject part, boolean wholeRequest) {
        if (part instanceof HttpResponse head) {
            if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                informational = true;
                inform(head);
            } else {
                begin(head, wholeRequest);
            }
            return false;
        }
        var last = part instanceof LastHttpContent;
        if (informational) {
            informational = !last;
            ReferenceCountUtil.release(part);
            return false;
        }
        downstream.write(part);
        return last;
    }

    /// Answers in the upstream's place.
    void refuse(HttpResponseStatus status, String reason, boolean wholeRequest) {
        begun = true;
        closeAfter = !wholeRequest || !clientKeepsAlive || downstream.isDraining();
        var body = Unpooled.copiedBuffer(reason + "\n", StandardCharsets.UTF_8);
        var refusal = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        refusal.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        writeHead(refusal);
        end();
    }

    /// The response is whole; the connection goes on with the next request, or ends.
    void end() {
        downstream.exchanged(closeAfter);
    }

    /// The rest of a response that has begun will not come; the client must not take it for whole.
    void abort() {
        if (endsWithConnection) {
            downstream.reset();
        } else {
            downstream.exchanged(true);
        }
    }

    private void begin(HttpResponse head, boolean wholeRequest) {
        begun = true;
        var headers = head.headers();
        var framing = Framing.of(head);
        var hasBody = !answersHead
                && head.status().code() != HttpResponseStatus.NO_CONTENT.code()
                && head.status().code() != HttpResponseStatus.NOT_MODIFIED.code();
        upstreamKeepsAlive = HttpUtil.isKeepAlive(head) && (framing != Framing.UNSAID || !hasBody);
        HopHeaders.remove(headers);
        if (hasBody && clientIsHttp10 && framing != Framing.LENGTH) {
            endsWithConnection = true;
        } else if (hasBody && framing != Framing.LENGTH) {
            Framing.CHUNKED.writeTo(headers);
        }
        closeAfter = !clientKeepsAlive || !wholeRequest || endsWithConnection || downstream.isDraining();
        head.setProtocolVersion(HttpVersion.HTTP_1_1);
        writeHead(head);
    }

    private void writeHead(HttpResponse head) {
        if (closeAfter) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (clientIsHttp10) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        downstream.writeHead(head, answersHead);
    }

    private void inform(HttpResponse head) {
        if (!clientIsHttp10 && !begun) {
            HopHeaders.remove(head.headers());
            FullHttpResponse whole = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    head.status(),
                    Unpooled.EMPTY_BUFFER,
                    head.headers(),
                    EmptyHttpHeaders.INSTANCE);
            downstream.write(whole);
            downstream.flush();
        }
    }
}
