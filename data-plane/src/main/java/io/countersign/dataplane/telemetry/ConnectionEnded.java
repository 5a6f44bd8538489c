package io.countersign.dataplane.telemetry;

/// A connection that was relayed as bytes, or refused before anything was relayed, has ended.
///
/// @param client the peer's address and port
/// @param detail why it failed, for people; empty where it did not
/// @param bytesReceived from the client
/// @param bytesSent to the client
/// @param durationNanos since it was accepted
public record ConnectionEnded(
        RelayedTo relayed,
        String client,
        ResponseFlag flag,
        String detail,
        long bytesReceived,
        long bytesSent,
        long durationNanos) {}
