package io.countersign.testing;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// A leaf with its key, as a [TestAuthority] issued it.
///
/// @param chain the leaf alone
public record TestSvid(PrivateKey key, List<X509Certificate> chain) {
    public X509Certificate leaf() {
        return chain.getFirst();
    }

    @Override
    public String toString() {
        return "TestSvid[serial=" + leaf().getSerialNumber().toString(16) + "]";
    }
}
