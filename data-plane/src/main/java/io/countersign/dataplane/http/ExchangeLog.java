package io.countersign.dataplane.http;

import io.countersign.dataplane.relay.Opening.Opened;
import io.countersign.dataplane.telemetry.Direction;
import io.countersign.dataplane.telemetry.RelayedTo;
import io.countersign.dataplane.telemetry.RequestEnded;
import io.countersign.dataplane.telemetry.ResponseFlag;
import io.countersign.dataplane.telemetry.Telemetry;
import io.countersign.mesh.view.Upstream;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.AsciiString;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is told of an exchange when it has ended; told once.
final class ExchangeLog {
    private static final AsciiString TRACE_PARENT = AsciiString.cached("traceparent");
    private static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");

    private final HttpRequest head;
    private final long beganNanos;
    private String service = "";
    private String path;
    private @Nullable Opened upstream;
    private int status;
    private String grpcStatus = "";
    private ResponseFlag flag = ResponseFlag.NONE;
    private String detail = "";
    private long received;
    private long sent;
    private boolean told;

    ExchangeLog(HttpRequest head, long beganNanos) {
        this.head = head;
        this.beganNanos = beganNanos;
        this.path = head.uri();
    }

    void target(RequestTarget target) {
        service = target.host();
        path = target.path();
    }

    void upstream(Opened opened) {
        upstream = opened;
    }

    void received(int bytes) {
        received += bytes;
    }

    void sent(int bytes) {
        sent += bytes;
    }

    /// Bytes that followed.
    void passed(long fromClient, long toClient) {
        received += fromClient;
        sent += toClient;
    }

    void responded(HttpResponse answer, boolean whole) {
        status = answer.status().code();
        if (whole) {
            trailers(answer.headers());
        }
    }

    void trailers(HttpHeaders trailers) {
        if (!trailers.isEmpty()) {
            grpcStatus = trailers.get(GRPC_STATUS, "");
        }
    }

    void failed(ResponseFlag why, String reason) {
        flag = why;
        detail = reason;
    }

    void end(Downstream client, Optional<Upstream> endpoint, Telemetry telemetry) {
        if (told) {
            return;
        }
        told = true;
        var relayed = client.service();
        var outbound = relayed.direction() == Direction.OUTBOUND;
        var peer = outbound && upstream != null
                ? upstream.peer()
                : relayed.client().peer();
        var tls =
                outbound && upstream != null ? upstream.tls() : relayed.client().tls();
        telemetry.ended(new RequestEnded(
                new RelayedTo(relayed.direction(), service, endpoint, peer, tls),
                client.address(),
                client.protocol(),
                head.method().name(),
                path,
                status,
                grpcStatus,
                flag,
                detail,
                head.headers().get(TRACE_PARENT, ""),
                received,
                sent,
                System.nanoTime() - beganNanos));
    }
}
