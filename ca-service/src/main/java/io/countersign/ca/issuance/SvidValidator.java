package io.countersign.ca.issuance;

import io.countersign.ca.Registration;
import io.countersign.ca.signing.EcdsaSignatures;
import io.countersign.ca.signing.SigningAuthority;
import io.countersign.identity.ChainStrength;
import io.countersign.identity.SvidNames;
import io.countersign.mesh.InvalidInput;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x509.Extension;

/// Reads a signed certificate again, as a stranger would, before it leaves (SPIFFE X.509-SVID, section 5; RFC 5280).
final class SvidValidator {
    private static final int VERSION_3 = 3;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int SERIAL_BITS_MIN = 64;
    private static final int SERIAL_BITS_MAX = 159;
    private static final Duration ROUNDING = Duration.ofSeconds(1);
    private static final Set<String> USAGES = Set.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    private static final String NAMES = Extension.subjectAlternativeName.getId();
    private static final Set<String> CRITICAL =
            Set.of(Extension.basicConstraints.getId(), Extension.keyUsage.getId(), NAMES);
    private static final Set<String> NOT_CRITICAL = Set.of(
            Extension.extendedKeyUsage.getId(),
            Extension.subjectKeyIdentifier.getId(),
            Extension.authorityKeyIdentifier.getId());

    private SvidValidator() {}

    /// What a certificate should be.
    record Expected(
            Registration registration,
            PublicKey publicKey,
            SigningAuthority authority,
            CertificateProfile profile,
            Instant now) {}

    /// Everything that is not as it should be; empty for a sound certificate.
    static List<String> problems(X509Certificate certificate, Expected expected) {
        var problems = new ArrayList<String>();
        if (certificate.getVersion() != VERSION_3) {
            problems.add("version: " + certificate.getVersion() + " (expected: 3)");
        }
        var bits = certificate.getSerialNumber().bitLength();
        if (certificate.getSerialNumber().signum() <= 0 || bits < SERIAL_BITS_MIN || bits > SERIAL_BITS_MAX) {
            problems.add("serial number bits: " + bits + " (expected: 64 to 159)");
        }
        if (!certificate.getPublicKey().equals(expected.publicKey())) {
            problems.add("public key: not the request's");
        }
        ChainStrength.weakness(certificate).ifPresent(problems::add);
        judgeSignature(certificate, expected.authority(), problems);
        judgeValidity(certificate, expected, problems);
        judgeUsage(certificate, problems);
        judgeNames(certificate, expected.registration(), problems);
        if (!CRITICAL.equals(certificate.getCriticalExtensionOIDs())
                || !NOT_CRITICAL.equals(certificate.getNonCriticalExtensionOIDs())) {
            problems.add("extensions: not those of the profile");
        }
        return List.copyOf(problems);
    }

    private static void judgeSignature(X509Certificate certificate, SigningAuthority authority, List<String> problems) {
        if (!certificate.getIssuerX500Principal().equals(authority.certificate().getSubjectX500Principal())) {
            problems.add("issuer: not the authority");
        }
        try {
            certificate.verify(authority.certificate().getPublicKey(), EcdsaSignatures.PROVIDER);
        } catch (GeneralSecurityException e) {
            problems.add("signature: not the authority's");
        }
    }

    private static void judgeValidity(X509Certificate certificate, Expected expected, List<String> problems) {
        var notBefore = certificate.getNotBefore().toInstant();
        var notAfter = certificate.getNotAfter().toInstant();
        var profile = expected.profile();
        if (notBefore.isAfter(expected.now())
                || notBefore.isBefore(expected.now().minus(profile.backdated()).minus(ROUNDING))) {
            problems.add("not before: " + notBefore);
        }
        if (!notAfter.isAfter(expected.now()) || notAfter.isAfter(expected.now().plus(profile.lifetime()))) {
            problems.add("not after: " + notAfter);
        }
        if (notAfter.isAfter(expected.authority().certificate().getNotAfter().toInstant())) {
            problems.add("not after: later than the authority's");
        }
    }

    private static void judgeUsage(X509Certificate certificate, List<String> problems) {
        if (certificate.getBasicConstraints() >= 0) {
            problems.add("basic constraints: a certificate authority");
        }
        var usage = certificate.getKeyUsage();
        var digitalSignature = new boolean[9];
        digitalSignature[DIGITAL_SIGNATURE] = true;
        if (usage == null || !Arrays.equals(usage, digitalSignature)) {
            problems.add("key usage: not digital signature alone");
        }
        try {
            var extended = certificate.getExtendedKeyUsage();
            if (extended == null || !Set.copyOf(extended).equals(USAGES)) {
                problems.add("extended key usage: not server and client");
            }
        } catch (CertificateException e) {
            problems.add("extended key usage: unreadable");
        }
    }

    private static void judgeNames(X509Certificate certificate, Registration registration, List<String> problems) {
        try {
            if (!SvidNames.spiffeId(certificate).equals(registration.spiffeId())) {
                problems.add("spiffe id: not the registered one");
            }
            if (!SvidNames.nodeId(certificate).equals(Optional.of(registration.nodeId()))) {
                problems.add("node id: not the registered one");
            }
            if (!SvidNames.dnsNames(certificate).equals(registration.dnsNames())) {
                problems.add("dns names: not the registered ones");
            }
            var all = certificate.getSubjectAlternativeNames();
            if (all == null || all.size() != 1 + registration.dnsNames().size()) {
                problems.add("names: others than those registered");
            }
        } catch (InvalidInput | CertificateException e) {
            problems.add("names: " + e.getMessage());
        }
    }
}
