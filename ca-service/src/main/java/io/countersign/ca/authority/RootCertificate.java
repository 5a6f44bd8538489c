package io.countersign.ca.authority;

import io.countersign.ca.signing.CertificateTemplate;
import io.countersign.ca.signing.CertificateTemplate.Validity;
import io.countersign.ca.signing.KeyIdentifiers;
import io.countersign.ca.signing.SerialNumbers;
import io.countersign.ca.signing.SigningAuthority;
import io.countersign.identity.SvidKeys;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustDomain;
import java.io.IOException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;

/// A trust domain's own root: self-signed, for ten years, signs SVIDs and revocation lists (SPIFFE X.509-SVID, 3.2).
final class RootCertificate {
    private static final int YEARS = 10;
    private static final Duration BACKDATED = Duration.ofMinutes(1);

    private RootCertificate() {}

    static SigningAuthority create(TrustDomain trustDomain, Instant now) {
        var keys = SvidKeys.generate();
        var serial = SerialNumbers.next();
        var id = serial.toString(16);
        var name = name(trustDomain, id);
        var until = now.atOffset(ZoneOffset.UTC).plusYears(YEARS).toInstant();
        var template = new CertificateTemplate(
                serial,
                name,
                name,
                new Validity(now.minus(BACKDATED), until),
                keys.getPublic(),
                extensions(trustDomain, keys.getPublic()));
        return new SigningAuthority(id, template.sign(keys.getPrivate()), keys.getPrivate());
    }

    /// The id keeps the names of a domain's authorities apart, so that chains are found without guessing.
    private static X500Name name(TrustDomain trustDomain, String id) {
        return new X500NameBuilder()
                .addRDN(BCStyle.O, trustDomain.name())
                .addRDN(BCStyle.CN, "Countersign Root " + id.substring(0, 8))
                .build();
    }

    private static Extensions extensions(TrustDomain trustDomain, PublicKey key) {
        try {
            var identity = new SpiffeId(trustDomain, "").toString();
            var extensions = new ExtensionsGenerator();
            extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            extensions.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            extensions.addExtension(Extension.subjectKeyIdentifier, false, KeyIdentifiers.subject(key));
            extensions.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, identity)));
            return extensions.generate();
        } catch (IOException e) {
            throw new IllegalStateException("extensions of plain values are always encoded", e);
        }
    }
}
