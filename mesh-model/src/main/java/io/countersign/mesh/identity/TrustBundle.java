package io.countersign.mesh.identity;

import java.security.cert.X509Certificate;
import java.util.List;

/// The authorities of one trust domain (SPIFFE Trust Domain and Bundle, section 4).
///
/// @param sequence grows with every change
public record TrustBundle(TrustDomain trustDomain, long sequence, List<X509Authority> authorities) {
    public TrustBundle {
        authorities = List.copyOf(authorities);
    }

    /// The certificates under which a chain may end; empty means that nobody is trusted.
    public List<X509Certificate> trustedCertificates() {
        return authorities.stream()
                .filter(X509Authority::isTrusted)
                .map(X509Authority::certificate)
                .toList();
    }
}
