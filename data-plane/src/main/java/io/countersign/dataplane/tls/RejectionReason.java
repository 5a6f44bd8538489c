package io.countersign.dataplane.tls;

/// Why a new [TlsMaterial] was not put in force.
public enum RejectionReason {
    NOT_YET_VALID,
    EXPIRED,
    UNTRUSTED_CHAIN,
    HANDSHAKE_FAILED,
    /// Something broke that is no verdict on the material.
    INTERNAL_ERROR
}
