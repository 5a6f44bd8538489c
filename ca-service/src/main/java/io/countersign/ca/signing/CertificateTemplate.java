package io.countersign.ca.signing;

import io.countersign.identity.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/// All of a certificate but its signature (RFC 5280, 4.1.2). Instants are taken to the second.
public record CertificateTemplate(
        BigInteger serial,
        X500Name issuer,
        X500Name subject,
        Validity validity,
        PublicKey publicKey,
        Extensions extensions) {
    /// From when until when, both included.
    public record Validity(Instant notBefore, Instant notAfter) {}

    public X509Certificate sign(PrivateKey key) {
        try {
            var builder = new X509v3CertificateBuilder(
                    issuer,
                    serial,
                    Date.from(validity.notBefore()),
                    Date.from(validity.notAfter()),
                    subject,
                    SubjectPublicKeyInfo.getInstance(publicKey.getEncoded()));
            for (var id : extensions.getExtensionOIDs()) {
                builder.addExtension(extensions.getExtension(id));
            }
            return Pem.certificate(builder.build(EcdsaSignatures.signer(key)).getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("a template of plain values is always encoded", e);
        }
    }
}
