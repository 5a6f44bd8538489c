package io.countersign.dataplane.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Optional;

/// The response to one request of HTTP/1, with a framing that the client can read; the client's connection is kept
/// where both may. Belongs to one event loop.
final class Http1Response implements Downstream {
    private final Http1Downstream connection;
    private final HttpVersion version;
    private final boolean clientKeepsAlive;
    private final boolean answersHead;
    private boolean closeAfter;
    private boolean endsWithConnection;

    /// Reads the request before its headers are changed for the next hop.
    Http1Response(Http1Downstream connection, HttpRequest request) {
        this.connection = connection;
        this.version = request.protocolVersion();
        this.clientKeepsAlive = HttpUtil.isKeepAlive(request);
        this.answersHead = request.method().equals(HttpMethod.HEAD);
    }

    @Override
    public RelayedService service() {
        return connection.service();
    }

    @Override
    public Caller caller() {
        return connection.caller();
    }

    @Override
    public String protocol() {
        return version.text();
    }

    @Override
    public String address() {
        return connection.address();
    }

    @Override
    public boolean isWritable() {
        return connection.isWritable();
    }

    @Override
    public void inform(HttpResponse head) {
        if (!clientIsHttp10()) {
            connection.write(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    head.status(),
                    Unpooled.EMPTY_BUFFER,
                    head.headers(),
                    EmptyHttpHeaders.INSTANCE));
        }
    }

    @Override
    public void begin(HttpResponse head, boolean wholeRequest, boolean whole) {
        var headers = head.headers();
        var hasBody = !answersHead
                && head.status().code() != HttpResponseStatus.NO_CONTENT.code()
                && head.status().code() != HttpResponseStatus.NOT_MODIFIED.code();
        if (hasBody && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            if (whole) {
                headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
            } else if (clientIsHttp10()) {
                endsWithConnection = true;
            } else {
                headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
        }
        closeAfter = !clientKeepsAlive || !wholeRequest || endsWithConnection || connection.isDraining();
        if (closeAfter) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (clientIsHttp10()) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        head.setProtocolVersion(HttpVersion.HTTP_1_1);
        connection.writeHead(head, answersHead);
        if (whole) {
            connection.write(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    @Override
    public void write(HttpContent piece) {
        connection.write(piece);
    }

    @Override
    public void end(boolean wholeRequest) {
        connection.exchanged(closeAfter);
    }

    @Override
    public void abort(long code) {
        if (endsWithConnection) {
            connection.reset();
        } else {
            connection.exchanged(true);
        }
    }

    @Override
    public Optional<Http1Downstream> tunnel() {
        return clientIsHttp10() ? Optional.empty() : Optional.of(connection);
    }

    @Override
    public ConnectionLogin login() {
        return connection.login();
    }

    @Override
    public void resume() {
        connection.throttle();
    }

    private boolean clientIsHttp10() {
        return version.equals(HttpVersion.HTTP_1_0);
    }
}
