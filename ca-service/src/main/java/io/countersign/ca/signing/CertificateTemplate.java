package io.countersign.ca.signing;

import java.math.BigInteger;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/// All of a certificate but its signature (RFC 5280, 4.1.2). Instants are taken to the second.
public record CertificateTemplate(
        BigInteger serial,
        X500Name issuer,
        X500Name subject,
        Validity validity,
        PublicKey publicKey,
        Extensions extensions) {
    static final AlgorithmIdentifier SIGNATURE_ALGORITHM =
            new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

    /// From when until when, both included.
    public record Validity(Instant notBefore, Instant notAfter) {}

    TBSCertificate toBeSigned() {
        var generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(serial));
        generator.setIssuer(issuer);
        generator.setSubject(subject);
        generator.setStartDate(new Time(Date.from(validity.notBefore())));
        generator.setEndDate(new Time(Date.from(validity.notAfter())));
        generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(publicKey.getEncoded()));
        generator.setSignature(SIGNATURE_ALGORITHM);
        generator.setExtensions(extensions);
        return generator.generateTBSCertificate();
    }
}
