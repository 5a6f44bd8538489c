package io.countersign.mesh.identity;

import java.security.cert.X509Certificate;

/// A certificate that signs X.509-SVIDs, as those see it who trust it.
///
/// @param id stable name of the authority
/// @param state where it is in its life
/// @param certificate the public part
public record X509Authority(String id, AuthorityState state, X509Certificate certificate) {
    public boolean isTrusted() {
        return state != AuthorityState.REVOKED;
    }
}
