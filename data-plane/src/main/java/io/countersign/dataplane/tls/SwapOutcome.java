package io.countersign.dataplane.tls;

/// What became of an offered [TlsMaterial].
public sealed interface SwapOutcome {
    /// In force, and every event loop has passed since: no later handshake uses its predecessor.
    record Applied(TlsMaterialDigest digest) implements SwapOutcome {}

    /// It would have made the same handshakes as the one in force.
    record Unchanged() implements SwapOutcome {}

    /// Refused; the last good one, if there is any, stays in force.
    record Rejected(RejectionReason reason, String detail) implements SwapOutcome {}
}
