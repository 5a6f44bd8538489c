package io.countersign.dataplane.relay;

import java.time.Duration;

/// The bounds of the relay.
///
/// @param connectTimeout for the TCP connection to an upstream, and for a place in its pool
/// @param idleTimeout after which a connection without a request, or a request without a byte either way, is ended
/// @param rawIdleTimeout after which a connection that is relayed as bytes, and has none either way, is ended
/// @param upstreamIdleTimeout after which an unused upstream connection is closed; below the peer's `idleTimeout`, so
///     that the client's side closes first
/// @param connectionsPerUpstream at most, on each event loop; a caller takes no more of them than are left
/// @param waitingPerUpstream requests that may wait for a connection, on each event loop; more are answered 503
public record RelaySettings(
        Duration connectTimeout,
        Duration idleTimeout,
        Duration rawIdleTimeout,
        Duration upstreamIdleTimeout,
        int connectionsPerUpstream,
        int waitingPerUpstream) {
    /// Longest request or status line, in bytes.
    public static final int LINE_MAX = 16 * 1024;

    /// All header fields of a message together, in bytes.
    public static final int HEADERS_MAX = 64 * 1024;

    /// One piece of a body as it travels, in bytes.
    public static final int PIECE_MAX = 64 * 1024;

    public static final RelaySettings DEFAULTS = new RelaySettings(
            Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofMinutes(1), 256, 1024);

    public RelaySettings {
        requirePositive("connect timeout", connectTimeout);
        requirePositive("idle timeout", idleTimeout);
        requirePositive("raw idle timeout", rawIdleTimeout);
        requirePositive("upstream idle timeout", upstreamIdleTimeout);
        requirePositive("connections per upstream", connectionsPerUpstream);
        requirePositive("waiting per upstream", waitingPerUpstream);
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }
}
