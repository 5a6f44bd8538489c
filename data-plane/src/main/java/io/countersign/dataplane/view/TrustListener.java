package io.countersign.dataplane.view;

import io.countersign.mesh.identity.Revocations;
import io.countersign.mesh.identity.TrustBundle;

/// Is told, on the follower's thread, whom the bus says to believe.
public interface TrustListener {
    /// The domain's authorities changed.
    void onBundle(TrustBundle bundle);

    /// Something more is withdrawn, or less.
    void onRevocations(Revocations all);
}
