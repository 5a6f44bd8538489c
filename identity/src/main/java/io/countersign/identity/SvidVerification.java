package io.countersign.identity;

import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.X509Authority;

/// The judgement on a chain.
public sealed interface SvidVerification {
    /// The peer is that identity.
    ///
    /// @param authority under which the chain stands
    record Valid(SpiffeId spiffeId, X509Authority authority) implements SvidVerification {}

    /// The peer is nobody.
    ///
    /// @param detail one sentence for a log; may hold names out of the peer's certificate
    record Refused(SvidFault fault, String detail) implements SvidVerification {}
}
