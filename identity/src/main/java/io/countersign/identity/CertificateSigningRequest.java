package io.countersign.identity;

import io.countersign.mesh.identity.SpiffeId;
import java.io.IOException;
import java.security.KeyPair;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// A PKCS#10 request (RFC 2986) for one identity: proves possession of the key and names the SPIFFE ID.
public final class CertificateSigningRequest {
    private static final X500Principal NO_SUBJECT = new X500Principal("");

    private CertificateSigningRequest() {}

    /// Makes and signs a request, as it is sent.
    public static String pem(KeyPair keys, SpiffeId spiffeId) {
        try {
            var identity = new GeneralName(GeneralName.uniformResourceIdentifier, spiffeId.toString());
            var extension = Extension.create(Extension.subjectAlternativeName, true, new GeneralNames(identity));
            var request = new JcaPKCS10CertificationRequestBuilder(NO_SUBJECT, keys.getPublic())
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, new Extensions(extension))
                    .build(new JcaContentSignerBuilder(SvidKeys.SIGNATURE_ALGORITHM).build(keys.getPrivate()));
            return Pem.encode(Pem.CERTIFICATE_REQUEST, request.getEncoded());
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("request key: not usable for ECDSA", e);
        } catch (IOException e) {
            throw new IllegalStateException("a request of plain values is always encoded", e);
        }
    }
}
