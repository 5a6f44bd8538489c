package io.countersign.ca.signing;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.x500.X500Name;

/// An authority together with its key: what signs.
public record SigningAuthority(String id, X509Certificate certificate, PrivateKey privateKey) {
    public X500Name subject() {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    @Override
    public String toString() {
        return "SigningAuthority[" + id + "]";
    }
}
