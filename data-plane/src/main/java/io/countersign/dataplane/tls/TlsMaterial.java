package io.countersign.dataplane.tls;

import io.countersign.identity.X509Svid;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import java.security.cert.X509Certificate;

/// Everything a node's TLS is made of, as one immutable value.
///
/// @param svid who this node is
/// @param bundle whom this node trusts
public record TlsMaterial(X509Svid svid, TrustBundle bundle) {
    public SpiffeId identity() {
        return svid.spiffeId();
    }

    public X509Certificate leaf() {
        return svid.leaf();
    }

    public TlsMaterialDigest digest() {
        return new TlsMaterialDigest(svid.serialHex(), svid.notAfter(), bundle.sequence());
    }

    /// Whether handshakes under both would be the same: chain, key and trusted certificates.
    boolean hasSameContentAs(TlsMaterial other) {
        return svid.equals(other.svid)
                && bundle.trustDomain().equals(other.bundle.trustDomain())
                && bundle.trustedCertificates().equals(other.bundle.trustedCertificates());
    }

    @Override
    public String toString() {
        return "TlsMaterial[identity=" + identity() + ", digest=" + digest() + "]";
    }
}
