package io.countersign.ca.issuance;

import io.countersign.ca.Registration;
import io.countersign.ca.signing.CertificateTemplate;
import io.countersign.ca.signing.CertificateTemplate.Validity;
import io.countersign.ca.signing.KeyIdentifiers;
import io.countersign.ca.signing.SigningAuthority;
import io.countersign.mesh.InvalidInput;
import java.io.IOException;
import java.math.BigInteger;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/// What an X.509-SVID looks like here (SPIFFE X.509-SVID, section 4): an end entity for both sides of TLS, named by one
/// URI. The subject's user id says which node it was issued to, so that a reader can tell whose report it signed.
///
/// @param lifetime from issuance on
/// @param backdated by how much it begins earlier, for peers whose clocks are late
record CertificateProfile(Duration lifetime, Duration backdated) {
    private static final Duration BACKDATED = Duration.ofMinutes(1);

    CertificateProfile {
        if (!lifetime.isPositive() || backdated.isNegative()) {
            throw InvalidInput.of("svid lifetime", lifetime, "> 0");
        }
    }

    static CertificateProfile of(Duration lifetime) {
        return new CertificateProfile(lifetime, BACKDATED);
    }

    /// The certificate to be made. It ends before its authority does.
    CertificateTemplate template(
            Registration registration, PublicKey key, SigningAuthority authority, BigInteger serial, Instant now) {
        var issued = now.truncatedTo(ChronoUnit.SECONDS);
        var wished = issued.plus(lifetime);
        var limit = authority.certificate().getNotAfter().toInstant();
        var notAfter = wished.isBefore(limit) ? wished : limit;
        return new CertificateTemplate(
                serial,
                authority.subject(),
                subject(registration),
                new Validity(issued.minus(backdated), notAfter),
                key,
                extensions(registration, key, authority));
    }

    private static Extensions extensions(Registration registration, PublicKey key, SigningAuthority authority) {
        try {
            var purposes = new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
            var extensions = new ExtensionsGenerator();
            extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            extensions.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            extensions.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
            // Critical because the subject names no entity that a peer could authorize (RFC 5280, 4.2.1.6).
            extensions.addExtension(Extension.subjectAlternativeName, true, names(registration));
            extensions.addExtension(Extension.subjectKeyIdentifier, false, KeyIdentifiers.subject(key));
            extensions.addExtension(
                    Extension.authorityKeyIdentifier, false, KeyIdentifiers.authority(authority.certificate()));
            return extensions.generate();
        } catch (IOException e) {
            throw new IllegalStateException("extensions of plain values are always encoded", e);
        }
    }

    private static X500Name subject(Registration registration) {
        return new X500NameBuilder()
                .addRDN(BCStyle.UID, registration.nodeId().value())
                .build();
    }

    private static GeneralNames names(Registration registration) {
        var uri = new GeneralName(
                GeneralName.uniformResourceIdentifier, registration.spiffeId().toString());
        var dns = registration.dnsNames().stream().map(name -> new GeneralName(GeneralName.dNSName, name));
        return new GeneralNames(Stream.concat(Stream.of(uri), dns).toArray(GeneralName[]::new));
    }
}
