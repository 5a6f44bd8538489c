package io.countersign.dataplane.http;

import io.countersign.dataplane.relay.UpstreamFailure;
import io.countersign.mesh.view.Upstream;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One request and its response: finds an upstream connection, sends the request, hands the response to a
/// [ResponseRelay]; repeats the request where that is safe. Belongs to one event loop.
final class Exchange {
    private static final Set<HttpMethod> IDEMPOTENT = Set.of(
            HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE, HttpMethod.TRACE);

    private final DownstreamConnection downstream;
    private final UpstreamPools pools;
    private final HttpRequest head;
    private final boolean bodyless;
    private final ResponseRelay response;
    private List<Upstream> candidates = List.of();
    private int candidate;
    /// Where the request is counted as in flight.
    private @Nullable Upstream endpoint;
    private @Nullable UpstreamConnection upstream;
    private boolean repeated;
    private boolean bodyBegun;
    private boolean requestComplete;
    private boolean unflushed;
    private boolean over;

    Exchange(DownstreamConnection downstream, UpstreamPools pools, HttpRequest head) {
        this.downstream = downstream;
        this.pools = pools;
        this.head = head;
        this.bodyless = head.decoderResult().isSuccess() && !Framing.hasBody(head);
        this.response = new ResponseRelay(downstream, head);
    }

    /// Sends the request to the first of the candidates that can be reached.
    void forward(RequestTarget target, ForwardedClientCert clientCert, List<Upstream> to) {
        var headers = head.headers();
        var framing = Framing.of(head);
        HopHeaders.remove(headers);
        framing.writeTo(headers);
        clientCert.writeTo(headers);
        headers.set(HttpHeaderNames.HOST, target.authority());
        head.setUri(target.path()).setProtocolVersion(HttpVersion.HTTP_1_1);
        candidates = to;
        acquire(false);
    }

    /// Takes the next piece of the request's body, or not yet.
    boolean offer(HttpContent content) {
        if (over || bodyless) {
            ReferenceCountUtil.release(content);
            return true;
        }
        if (upstream == null) {
            return false;
        }
        bodyBegun = true;
        if (content instanceof LastHttpContent last) {
            requestComplete = true;
            ForwardedClientCert.remove(last.trailingHeaders());
        }
        upstream.write(content);
        unflushed = true;
        return true;
    }

    /// Whether more of the request may be read from the client.
    boolean wantsMore() {
        return requestComplete || upstream == null || upstream.isWritable();
    }

    void flushRequest() {
        if (unflushed && upstream != null) {
            unflushed = false;
            upstream.flush();
        }
    }

    boolean isOver() {
        return over;
    }

    /// Whether all of the request has come from the client.
    boolean hasWholeRequest() {
        return bodyless || requestComplete;
    }

    void connected(UpstreamConnection connection) {
        upstream = connection;
        if (bodyless) {
            requestComplete = true;
            connection.write(new DefaultFullHttpRequest(
                    head.protocolVersion(),
                    head.method(),
                    head.uri(),
                    Unpooled.EMPTY_BUFFER,
                    head.headers(),
                    EmptyHttpHeaders.INSTANCE));
        } else {
            connection.write(head);
        }
        unflushed = true;
        downstream.pump();
        flushRequest();
    }

    void unreachable(UpstreamFailure failure) {
        if (over) {
            return;
        }
        if (failure.kind() == UpstreamFailure.Kind.CONNECT) {
            pools.relay().load().setAside(candidates.get(candidate));
            if (candidate + 1 < candidates.size()) {
                candidate++;
                acquire(false);
                return;
            }
        }
        refuse(HttpResponseStatus.SERVICE_UNAVAILABLE, failure.reason());
    }

    void response(HttpObject part) {
        downstream.touch();
        // Nobody was asked to change protocols: the field that asks is not passed on.
        if (part instanceof HttpResponse answer
                && (answer.decoderResult().isFailure()
                        || answer.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS))) {
            ReferenceCountUtil.release(part);
            dropUpstream();
            failed(HttpResponseStatus.BAD_GATEWAY, "the upstream's response cannot be read");
            return;
        }
        if (part instanceof HttpContent piece && piece.decoderResult().isFailure()) {
            ReferenceCountUtil.release(part);
            dropUpstream();
            finish();
            response.abort();
            return;
        }
        if (response.relay(part, hasWholeRequest())) {
            complete();
        } else if (upstream != null && !downstream.isWritable()) {
            upstream.autoRead(false);
        }
    }

    void responseFlush() {
        downstream.flush();
    }

    /// The client's connection takes more of the response.
    void downstreamWritable() {
        if (upstream != null) {
            upstream.autoRead(true);
        }
    }

    void upstreamWritable() {
        downstream.throttle();
    }

    void upstreamClosed(String why) {
        var connection = upstream;
        upstream = null;
        if (over || connection == null) {
            return;
        }
        if (!response.hasBegun() && connection.isReused() && mayRepeat()) {
            repeated = true;
            requestComplete = false;
            downstream.count("request_repeated");
            acquire(true);
            return;
        }
        failed(HttpResponseStatus.SERVICE_UNAVAILABLE, "the upstream closed before its response: " + why);
    }

    void timedOut() {
        dropUpstream();
        failed(HttpResponseStatus.GATEWAY_TIMEOUT, "the upstream did not answer in time");
    }

    /// Answers in the upstream's place; must be called before a response has begun.
    void refuse(HttpResponseStatus status, String reason) {
        finish();
        response.refuse(status, reason, hasWholeRequest());
    }

    /// Refuses a request that may have been meant otherwise than it was read: nothing after it can be trusted.
    void reject(HttpResponseStatus status, String reason) {
        over = true;
        response.refuse(status, reason, false);
    }

    /// The client is gone.
    void abandon() {
        finish();
        dropUpstream();
    }

    private void acquire(boolean fresh) {
        leaveEndpoint();
        endpoint = candidates.get(candidate);
        pools.relay().load().begun(endpoint);
        var service = downstream.service();
        pools.acquire(endpoint, service.offer(), service.source(), this, fresh);
    }

    private void finish() {
        over = true;
        leaveEndpoint();
    }

    private void leaveEndpoint() {
        if (endpoint != null) {
            pools.relay().load().ended(endpoint);
            endpoint = null;
        }
    }

    private boolean mayRepeat() {
        return !repeated && (bodyless ? IDEMPOTENT.contains(head.method()) : !bodyBegun);
    }

    private void failed(HttpResponseStatus status, String reason) {
        if (response.hasBegun()) {
            finish();
            response.abort();
        } else {
            refuse(status, reason);
        }
    }

    private void complete() {
        finish();
        var connection = upstream;
        upstream = null;
        if (connection != null) {
            if (hasWholeRequest() && response.upstreamMayBeReused()) {
                connection.giveBack();
            } else {
                connection.discard();
            }
        }
        response.end();
    }

    private void dropUpstream() {
        if (upstream != null) {
            upstream.discard();
            upstream = null;
        }
    }
}
