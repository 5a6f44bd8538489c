package io.countersign.mesh.identity;

/// The life of an X.509 authority, in its order. All but [#REVOKED] are trusted; only [#ACTIVE] signs.
public enum AuthorityState {
    PREPARED,
    ACTIVE,
    OLD,
    TAINTED,
    REVOKED
}
