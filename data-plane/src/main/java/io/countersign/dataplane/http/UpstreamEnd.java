package io.countersign.dataplane.http;

import io.countersign.dataplane.telemetry.ResponseFlag;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Error;

/// How the upstream's side of an exchange ended before its time.
///
/// @param unsent whether the server has certainly not acted on the request
/// @param code of HTTP/2 that says why
/// @param reason for people
record UpstreamEnd(boolean unsent, ResponseFlag flag, long code, String reason) {
    /// Its connection ended.
    static UpstreamEnd closed(String why) {
        return new UpstreamEnd(
                false,
                ResponseFlag.UPSTREAM_CONNECTION_TERMINATION,
                Http2Error.INTERNAL_ERROR.code(),
                "the upstream closed before its response: " + why);
    }

    /// Its response cannot be read.
    static UpstreamEnd garbled(String why) {
        return new UpstreamEnd(false, ResponseFlag.UPSTREAM_PROTOCOL_ERROR, Http2Error.INTERNAL_ERROR.code(), why);
    }

    /// It reset the request alone.
    static UpstreamEnd reset(long code) {
        return new UpstreamEnd(
                code == Http2Error.REFUSED_STREAM.code(),
                ResponseFlag.UPSTREAM_REMOTE_RESET,
                code,
                "the upstream reset the request: code " + code);
    }

    /// It ends its connection, and has not taken the request.
    static UpstreamEnd goneAway() {
        return new UpstreamEnd(
                true,
                ResponseFlag.UPSTREAM_CONNECTION_TERMINATION,
                Http2Error.REFUSED_STREAM.code(),
                "the upstream takes no more requests on this connection");
    }

    /// What a client that has seen nothing yet is answered.
    HttpResponseStatus status() {
        return switch (flag) {
            case UPSTREAM_REQUEST_TIMEOUT -> HttpResponseStatus.GATEWAY_TIMEOUT;
            case UPSTREAM_PROTOCOL_ERROR -> HttpResponseStatus.BAD_GATEWAY;
            default -> HttpResponseStatus.SERVICE_UNAVAILABLE;
        };
    }
}
