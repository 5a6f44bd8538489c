package io.countersign.dataplane.http;

import io.countersign.dataplane.loop.HeldBytes;
import io.countersign.dataplane.relay.Opening;
import io.countersign.dataplane.relay.Opening.Opened;
import io.countersign.dataplane.relay.Route;
import io.countersign.dataplane.relay.UpstreamFailure;
import io.countersign.dataplane.telemetry.Direction;
import io.countersign.dataplane.telemetry.ResponseFlag;
import io.countersign.dataplane.tls.Offer;
import io.countersign.mesh.view.Upstream;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The one place of a request's life: finds an upstream connection, passes the request on and the response back,
/// repeats the request where that is safe, and says how it ended. Belongs to one event loop.
final class Exchange {
    private final Downstream client;
    private final UpstreamPools pools;
    private final HttpRequest head;
    private final ExchangeLog log;
    private final RequestBody body;

    private Candidates candidates;
    private @Nullable UpstreamLink upstream;
    /// What the client asks to change to, by Upgrade; empty for nothing.
    private String upgrade = "";
    /// Whether the upstream may know the client by its connection.
    private boolean logsIn;
    private boolean repeated;
    private boolean responseBegun;
    private boolean over;
    private long touchedNanos = System.nanoTime();

    Exchange(Downstream client, UpstreamPools pools, HttpRequest head) {
        this.client = client;
        this.pools = pools;
        this.head = head;
        this.body = new RequestBody(head, HeldBytes.of(client.caller().connection()));
        this.log = new ExchangeLog(head, touchedNanos);
        this.candidates = new Candidates(pools.relay().load(), List.of());
    }

    /// Sends the request where it goes, or answers it.
    void start() {
        switch (RequestCheck.of(head)) {
            case RequestCheck.Refused(var status, var reason) ->
                answer(status, ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR, reason, false);
            case RequestCheck.Accepted(var target) -> {
                log.target(target);
                switch (client.service().router().route(target, pools.relay().load())) {
                    case Route.Refuse(var status, var flag, var reason) -> refuse(status, flag, reason);
                    case Route.Forward(var to) when isConnect() -> connect(to);
                    case Route.Forward(var to) -> forward(target, to);
                }
            }
        }
    }

    /// The next piece of the request's body, which is the exchange's from here on.
    void request(HttpContent piece) {
        touchedNanos = System.nanoTime();
        if (over || body.isNone()) {
            piece.release();
            return;
        }
        if (piece.decoderResult().isFailure()) {
            piece.release();
            unreadable();
            return;
        }
        log.received(piece.content().readableBytes());
        if (body.add(piece, upstream)) {
            acquire(false);
        }
    }

    /// Whether more of the request may be read from the client.
    boolean wantsMore() {
        return over || body.isWanted(upstream);
    }

    boolean isOver() {
        return over;
    }

    Caller caller() {
        return client.caller();
    }

    /// Asks for a connection.
    void acquire(boolean fresh) {
        var endpoint = candidates.begin();
        var service = client.service();
        if (isConnect()) {
            pools.relay().connector().open(endpoint, Offer.OPAQUE, service.source(), this::opened);
        } else if (!logsIn || !client.login().lend(this, endpoint)) {
            // What is one caller's must not travel with others.
            var offer = !upgrade.isEmpty() || logsIn ? Offer.OPAQUE : service.offer();
            pools.acquire(endpoint, offer, service.source(), this, fresh);
        }
    }

    void connected(UpstreamLink link) {
        upstream = link;
        if (logsIn && link instanceof Http1Upstream reserved) {
            reserved.reserve(client.login());
        }
        link.begin(head, body.isNone());
        // A stream may fail as it begins.
        body.pass(() -> upstream);
        client.resume();
    }

    void unreachable(UpstreamFailure failure) {
        if (over) {
            return;
        }
        if (failure.kind() == UpstreamFailure.Kind.CONNECT && candidates.next()) {
            acquire(false);
            return;
        }
        var flag = failure.kind() == UpstreamFailure.Kind.OVERLOADED
                ? ResponseFlag.UPSTREAM_OVERFLOW
                : ResponseFlag.UPSTREAM_CONNECTION_FAILURE;
        refuse(HttpResponseStatus.SERVICE_UNAVAILABLE, flag, failure.reason());
    }

    void informed(HttpResponse interim) {
        touchedNanos = System.nanoTime();
        if (!responseBegun) {
            client.inform(interim);
        }
    }

    /// The final response begins.
    ///
    /// @param whole whether nothing follows
    void respond(HttpResponse answer, boolean whole) {
        touchedNanos = System.nanoTime();
        responseBegun = true;
        log.responded(answer, whole);
        client.begin(answer, body.isWhole(), whole);
        if (whole) {
            complete();
        }
    }

    /// The next piece of the response's body, which is the exchange's from here on.
    void respond(HttpContent piece) {
        touchedNanos = System.nanoTime();
        log.sent(piece.content().readableBytes());
        var last = piece instanceof LastHttpContent;
        if (piece instanceof LastHttpContent end) {
            log.trailers(end.trailingHeaders());
        }
        client.write(piece);
        if (last) {
            complete();
        } else if (upstream != null) {
            upstream.read(client.isWritable());
        }
    }

    /// The client's connection takes more of the response.
    void downstreamWritable() {
        touchedNanos = System.nanoTime();
        if (upstream != null) {
            upstream.read(true);
        }
    }

    void upstreamWritable() {
        client.resume();
    }

    /// The upstream ended before its response did.
    ///
    /// @param end what is known of it
    void upstreamEnded(UpstreamEnd end) {
        var link = upstream;
        upstream = null;
        if (over) {
            return;
        }
        if (link != null) {
            log.upstream(link.opened());
        }
        ended(link, end);
    }

    private void ended(@Nullable UpstreamLink link, UpstreamEnd end) {
        if (!responseBegun && !repeated && body.mayBeRepeated(head.method(), end, link)) {
            repeated = true;
            acquire(true);
        } else {
            failed(end);
        }
    }

    /// The upstream's response cannot be read; the rest of its connection neither.
    void garbled(String reason) {
        var link = upstream;
        releaseUpstream(false);
        ended(link, UpstreamEnd.garbled(reason));
    }

    String upgrade() {
        return upgrade;
    }

    /// The upstream changes to what the client asked for.
    void upgraded(HttpResponse answer, Http1Upstream link) {
        HopHeaders.keepUpgrade(answer.headers(), upgrade);
        upstream = null;
        log.upstream(link.opened());
        turn(answer, link.opened(), link::turn);
    }

    void tunnelEnded(long received, long sent) {
        log.passed(received, sent);
        finish();
    }

    /// When a byte last passed either way.
    long touchedNanos() {
        return touchedNanos;
    }

    /// Adds what is held of the request.
    void hold(HeldBytes held) {
        held.add(StrictRequestDecoder.bytes(head));
        held.add(body.held(upstream), touchedNanos);
    }

    void timedOut() {
        if (over) {
            client.abort(Http2Error.CANCEL.code()); // the answer is not taken
        } else if (body.isAwaited()) {
            refuse(HttpResponseStatus.REQUEST_TIMEOUT, ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR, "no body came in time");
        } else {
            releaseUpstream(false);
            failed(new UpstreamEnd(
                    false,
                    ResponseFlag.UPSTREAM_REQUEST_TIMEOUT,
                    Http2Error.CANCEL.code(),
                    "the upstream did not answer in time"));
        }
    }

    /// The client is gone.
    void abandon() {
        if (!over) {
            log.failed(ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION, "the client ended the exchange");
            finish();
            releaseUpstream(false);
        }
    }

    /// Neither the rest of the request can be read nor what comes after it (RFC 9112, sections 7.1 and 8): the upstream
    /// sees no end of it.
    private void unreadable() {
        releaseUpstream(false);
        var reason = "the request's body cannot be read";
        if (responseBegun) {
            log.failed(ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR, reason);
            finish();
            client.abort(Http2Error.PROTOCOL_ERROR.code());
        } else {
            answer(HttpResponseStatus.BAD_REQUEST, ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR, reason, false);
        }
    }

    /// Answers in the upstream's place; must be called before a response has begun.
    private void refuse(HttpResponseStatus status, ResponseFlag flag, String reason) {
        answer(status, flag, reason, body.isWhole());
    }

    /// @param wholeRequest false, too, where the request may have been meant otherwise than it was read
    private void answer(HttpResponseStatus status, ResponseFlag flag, String reason, boolean wholeRequest) {
        var refusal = Refusal.of(status, reason);
        log.responded(refusal.head(), false);
        log.sent(refusal.body().content().readableBytes());
        log.failed(flag, reason);
        finish();
        client.begin(refusal.head(), wholeRequest, false);
        client.write(refusal.body());
        client.end(wholeRequest);
    }

    private void forward(RequestTarget target, List<Upstream> to) {
        upgrade = body.isNone() && client.tunnel().isPresent() ? HopHeaders.upgrade(head.headers()) : "";
        NextHop.address(head, target, client.service().client().cert(), upgrade);
        logsIn = client.login().covers(head.headers());
        candidates = new Candidates(pools.relay().load(), to);
        // Where one connection serves many, or the client waits to be told to go on, the server is to see the head.
        var alone = !caller().isOurselves() && client.service().offer() == Offer.HTTP;
        if (alone && !body.isNone() && !head.headers().contains(HttpHeaderNames.EXPECT)) {
            body.await();
        } else {
            acquire(false);
        }
    }

    private boolean isConnect() {
        return HttpMethod.CONNECT.equals(head.method());
    }

    /// Only the application's own requests may lead anywhere.
    private void connect(List<Upstream> to) {
        if (client.service().direction() == Direction.OUTBOUND
                && client.tunnel().isPresent()) {
            candidates = new Candidates(pools.relay().load(), to);
            acquire(false);
        } else {
            answer(
                    HttpResponseStatus.NOT_IMPLEMENTED,
                    ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR,
                    "CONNECT is not implemented here",
                    false);
        }
    }

    private void opened(Opening opening) {
        switch (opening) {
            case Opened opened
            when over -> {
                var _ = opened.channel().close();
            }
            case Opened opened -> {
                log.upstream(opened);
                turn(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK), opened, () -> {});
            }
            case UpstreamFailure failure -> unreachable(failure);
        }
    }

    /// @param left run once the bytes have their way to the client
    private void turn(HttpResponse answer, Opened opened, Runnable left) {
        responseBegun = true;
        log.responded(answer, false);
        var turned = client.tunnel()
                .orElseThrow()
                .turn(
                        answer,
                        channel -> Tunnel.begin(pools.relay(), this, client.service(), channel, opened.channel()));
        if (turned) {
            left.run();
        } else {
            var _ = opened.channel().close();
            log.failed(ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR, "the client did not wait for the answer");
            finish();
        }
    }

    private void failed(UpstreamEnd end) {
        if (responseBegun) {
            log.failed(end.flag(), end.reason());
            finish();
            client.abort(end.code());
        } else {
            refuse(end.status(), end.flag(), end.reason());
        }
    }

    private void complete() {
        releaseUpstream(body.isWhole());
        finish();
        client.end(body.isWhole());
    }

    private void releaseUpstream(boolean whole) {
        var link = upstream;
        upstream = null;
        if (link != null) {
            log.upstream(link.opened());
            link.release(whole);
        }
    }

    private void finish() {
        over = true;
        if (upstream != null) {
            log.upstream(upstream.opened());
        }
        body.release();
        log.end(client, candidates.tried(), pools.relay().telemetry());
        candidates.leave();
    }
}
