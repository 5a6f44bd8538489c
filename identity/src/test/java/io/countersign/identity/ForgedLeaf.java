package io.countersign.identity;

import io.countersign.testing.TestSvid;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Certificates that somebody makes who has a workload's key and no authority's.
record ForgedLeaf(TestSvid signer, Instant now) {
    /// Signed as if the workload were an authority.
    X509Certificate of(String uri) {
        return sign(signer.leaf().getSubjectX500Principal(), uri);
    }

    /// Signed with the workload's key under an authority's name.
    X509Certificate signedInTheNameOf(X509Certificate authority) {
        return sign(authority.getSubjectX500Principal(), "spiffe://cluster.local/ns/full/sa/admin");
    }

    private X509Certificate sign(X500Principal issuer, String uri) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                            issuer,
                            BigInteger.TEN,
                            Date.from(now.minusSeconds(60)),
                            Date.from(now.plusSeconds(3600)),
                            new X500Principal(""),
                            SvidKeys.generate().getPublic())
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(
                            Extension.subjectAlternativeName,
                            true,
                            new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
            var content = new JcaContentSignerBuilder("SHA256withECDSA").build(signer.key());
            return new JcaX509CertificateConverter().getCertificate(builder.build(content));
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }
}
