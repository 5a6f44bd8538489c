package io.countersign.ca.signing;

import io.countersign.identity.Pem;
import java.io.IOException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;

/// Makes certificates of templates.
public final class CertificateSigner {
    private CertificateSigner() {}

    public static X509Certificate sign(CertificateTemplate template, PrivateKey key) {
        try {
            var toBeSigned = template.toBeSigned();
            var signature = EcdsaSignatures.sign(key, toBeSigned.getEncoded(ASN1Encoding.DER));
            var certificate = new ASN1EncodableVector();
            certificate.add(toBeSigned);
            certificate.add(CertificateTemplate.SIGNATURE_ALGORITHM);
            certificate.add(new DERBitString(signature));
            return Pem.certificate(new DERSequence(certificate).getEncoded(ASN1Encoding.DER));
        } catch (IOException e) {
            throw new IllegalStateException("a template of plain values is always encoded", e);
        }
    }
}
