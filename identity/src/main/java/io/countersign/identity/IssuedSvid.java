package io.countersign.identity;

import io.countersign.mesh.identity.TrustBundle;

/// What ca-service answers with: the new SVID and whom to trust.
public record IssuedSvid(X509Svid svid, TrustBundle bundle) {}
