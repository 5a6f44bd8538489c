package io.countersign.dataplane.telemetry;

/// An HTTP exchange has ended, in whatever way.
///
/// @param protocol as the client spoke it: `HTTP/1.1` or `HTTP/2`
/// @param path path and query as asked for
/// @param status that was sent to the client; 0 where none was
/// @param grpcStatus of a gRPC response; empty for anything else
/// @param detail why it failed, for people; empty where it did not
/// @param traceParent the request's `traceparent` field (W3C Trace Context); empty where it has none
/// @param bytesReceived of the request's body
/// @param bytesSent of the response's body
/// @param durationNanos from the request's head to the end
public record RequestEnded(
        RelayedTo relayed,
        String client,
        String protocol,
        String method,
        String path,
        int status,
        String grpcStatus,
        ResponseFlag flag,
        String detail,
        String traceParent,
        long bytesReceived,
        long bytesSent,
        long durationNanos) {}
