package io.countersign.dataplane.tls;

import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// Everything a node's TLS is made of, as one immutable value.
///
/// @param identity who this node is; a leaf that says otherwise is refused
/// @param key the leaf's private key; never printed
/// @param chain the leaf first, then intermediates; not empty
/// @param bundle whom this node trusts
public record TlsMaterial(SpiffeId identity, PrivateKey key, List<X509Certificate> chain, TrustBundle bundle) {
    public TlsMaterial {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("certificate chain: empty (expected: at least a leaf)");
        }
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    public TlsMaterialDigest digest() {
        return new TlsMaterialDigest(
                leaf().getSerialNumber().toString(16), leaf().getNotAfter().toInstant(), bundle.sequence());
    }

    /// Whether handshakes under both would be the same: chain, key and trusted certificates.
    boolean hasSameContentAs(TlsMaterial other) {
        return chain.equals(other.chain)
                && key.equals(other.key)
                && identity.equals(other.identity)
                && bundle.trustDomain().equals(other.bundle.trustDomain())
                && bundle.trustedCertificates().equals(other.bundle.trustedCertificates());
    }

    @Override
    public String toString() {
        return "TlsMaterial[identity=" + identity + ", digest=" + digest() + "]";
    }
}
