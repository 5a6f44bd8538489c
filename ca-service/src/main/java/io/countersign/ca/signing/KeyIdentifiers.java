package io.countersign.ca.signing;

import io.countersign.identity.Sha256;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/// Key identifiers (RFC 7093, section 2, method 1): the first 160 bits of SHA-256 over the public key's bits.
public final class KeyIdentifiers {
    private static final int OCTETS = 20;

    private KeyIdentifiers() {}

    public static SubjectKeyIdentifier subject(PublicKey key) {
        return new SubjectKeyIdentifier(of(key));
    }

    public static AuthorityKeyIdentifier authority(X509Certificate issuer) {
        return new AuthorityKeyIdentifier(of(issuer.getPublicKey()));
    }

    private static byte[] of(PublicKey key) {
        var info = SubjectPublicKeyInfo.getInstance(key.getEncoded());
        return Arrays.copyOf(Sha256.of(info.getPublicKeyData().getOctets()), OCTETS);
    }
}
