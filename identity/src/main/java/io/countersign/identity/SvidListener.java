package io.countersign.identity;

import io.countersign.mesh.identity.TrustBundle;

/// Whoever uses the process's SVID.
@FunctionalInterface
public interface SvidListener {
    /// A new SVID is there; the one before it stays valid for a while. Called on the renewer's thread, one call after
    /// the other; what it throws is logged and changes nothing.
    void onSvid(X509Svid svid, TrustBundle bundle);
}
