package io.countersign.mesh.resource;

/// The TLS that a port demands from its callers, in Istio's words, from the widest to the narrowest.
public enum MtlsMode {
    /// Plaintext only.
    DISABLE,
    /// Plaintext and mutual TLS.
    PERMISSIVE,
    /// Mutual TLS only.
    STRICT
}
