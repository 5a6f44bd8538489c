package io.countersign.identity;

/// Why a chain is not accepted, so finely that each fault can have its TLS alert.
public enum SvidFault {
    /// Nothing was presented.
    NO_CERTIFICATE,
    /// The chain ends under no trusted authority, or a signature in it is not that authority's.
    UNKNOWN_AUTHORITY,
    /// The certificate, its identity or its authority was withdrawn.
    REVOKED,
    EXPIRED,
    NOT_YET_VALID,
    /// The leaf may not be used so: a CA, without digital signatures, or for the other side only.
    WRONG_USAGE,
    /// The chain itself is against its rules: constraints, key sizes, an unknown critical extension.
    BAD_CHAIN,
    /// The leaf names no SPIFFE ID, several, or one of another trust domain.
    NOT_AN_SVID,
    /// A valid SVID, but of somebody else.
    WRONG_IDENTITY
}
