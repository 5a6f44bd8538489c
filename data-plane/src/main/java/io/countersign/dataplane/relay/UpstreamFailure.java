package io.countersign.dataplane.relay;

/// Why there is no connection to an upstream.
///
/// @param kind what may be done about it
/// @param detail for people
public record UpstreamFailure(Kind kind, String detail) implements Opening {
    /// What may be done about it.
    public enum Kind {
        /// The endpoint cannot be reached; another may.
        CONNECT,
        /// The handshake was refused by one side: another endpoint would hide it.
        TLS,
        /// The files of the rule that says how to speak cannot be used.
        FILES,
        /// This node has no certificate with which to speak mutual TLS.
        NO_CERTIFICATE,
        /// All connections are in use and the queue is full, or waiting took too long.
        OVERLOADED
    }

    /// The answer's body and the log's detail.
    public String reason() {
        return switch (kind) {
            case CONNECT -> "upstream connect error: " + detail;
            case TLS -> "upstream TLS failed: " + detail;
            case FILES -> "upstream TLS cannot be set up: " + detail;
            case NO_CERTIFICATE -> "no valid certificate for mutual TLS with the upstream";
            case OVERLOADED -> "upstream overloaded: " + detail;
        };
    }
}
