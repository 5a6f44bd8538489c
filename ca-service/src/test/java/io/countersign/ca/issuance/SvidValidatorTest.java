package io.countersign.ca.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ca.Registration;
import io.countersign.ca.TestRoot;
import io.countersign.ca.issuance.SvidValidator.Expected;
import io.countersign.ca.signing.CertificateTemplate;
import io.countersign.ca.signing.CertificateTemplate.Validity;
import io.countersign.ca.signing.SerialNumbers;
import io.countersign.ca.signing.SigningAuthority;
import io.countersign.identity.SvidKeys;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SvidValidatorTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final SigningAuthority ROOT = TestRoot.seeded(1);
    private static final KeyPair KEYS = SvidKeys.generate();
    private static final CertificateProfile PROFILE = CertificateProfile.of(Duration.ofHours(24));
    private static final Registration REGISTRATION = new Registration(
            SpiffeId.parse("spiffe://cluster.local/ns/full/sa/httpbin"), new NodeId("httpbin.full"), List.of("a.svc"));
    private static final Expected EXPECTED = new Expected(REGISTRATION, KEYS.getPublic(), ROOT, PROFILE, NOW);

    @Test
    void findsNothingWrongWithWhatTheProfileMakes() {
        // Given
        var certificate = sound().sign(ROOT.privateKey());

        // When
        var problems = SvidValidator.problems(certificate, EXPECTED);

        // Then
        assertThat(problems).isEmpty();
    }

    static Stream<Arguments> spoilt() {
        return Stream.of(
                spoilt("serial number bits: 63", with(template -> template.serial(BigInteger.ONE.shiftLeft(62)))),
                spoilt("issuer: not the authority", with(template -> template.issuer(new X500Name("CN=somebody")))),
                spoilt("not before", with(template -> template.validity(NOW.minusSeconds(3600), NOW.plusSeconds(60)))),
                spoilt("not before", with(template -> template.validity(NOW.plusSeconds(1), NOW.plusSeconds(60)))),
                spoilt("not after", with(template -> template.validity(NOW, NOW.plus(Duration.ofHours(25))))),
                spoilt("not after", with(template -> template.validity(NOW.minusSeconds(9), NOW.minusSeconds(1)))),
                spoilt("public key: not the request's", with(Spoiler::foreignKey)),
                spoilt("node id", with(template -> template.subject(new X500Name("UID=sleep.full")))),
                spoilt(
                        "basic constraints: a certificate authority",
                        with(Extension.basicConstraints, true, new BasicConstraints(0))),
                spoilt(
                        "key usage",
                        with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign))),
                spoilt(
                        "extended key usage",
                        with(
                                Extension.extendedKeyUsage,
                                false,
                                new ExtendedKeyUsage(KeyPurposeId.anyExtendedKeyUsage))),
                spoilt("extensions", with(Extension.keyUsage, false, new KeyUsage(KeyUsage.digitalSignature))),
                spoilt("extensions", with(Extension.nameConstraints, false, new BasicConstraints(false))),
                spoilt("names", names("spiffe://cluster.local/ns/full/sa/httpbin", "spiffe://cluster.local/b")),
                spoilt("spiffe id", names("spiffe://cluster.local/ns/full/sa/sleep")),
                spoilt("names", names("https://cluster.local")));
    }

    @ParameterizedTest
    @MethodSource("spoilt")
    void findsWhatIsWrong(String problem, CertificateTemplate template) {
        // Given
        var certificate = template.sign(ROOT.privateKey());

        // When
        var problems = SvidValidator.problems(certificate, EXPECTED);

        // Then
        assertThat(problems).anySatisfy(each -> assertThat(each).startsWith(problem));
    }

    @Test
    void findsThatAnotherKeySigned() {
        // Given
        var certificate = sound().sign(TestRoot.seeded(2).privateKey());

        // When
        var problems = SvidValidator.problems(certificate, EXPECTED);

        // Then
        assertThat(problems).containsExactly("signature: not the authority's");
    }

    private static Arguments spoilt(String problem, CertificateTemplate template) {
        return Arguments.of(problem, template);
    }

    private static CertificateTemplate sound() {
        return PROFILE.template(REGISTRATION, KEYS.getPublic(), ROOT, SerialNumbers.next(), NOW);
    }

    private static CertificateTemplate with(UnaryOperator<Spoiler> change) {
        return change.apply(new Spoiler(sound())).template();
    }

    private static CertificateTemplate with(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
        return with(spoiler -> spoiler.extension(id, critical, value));
    }

    private static CertificateTemplate names(String... uris) {
        var names = Stream.of(uris)
                .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
                .toArray(GeneralName[]::new);
        return with(Extension.subjectAlternativeName, true, new GeneralNames(names));
    }

    /// Changes one thing in a sound template.
    record Spoiler(CertificateTemplate template) {
        Spoiler serial(BigInteger serial) {
            return spoilt(serial, template.issuer(), template.subject(), template.validity(), template.extensions());
        }

        Spoiler issuer(X500Name issuer) {
            return spoilt(template.serial(), issuer, template.subject(), template.validity(), template.extensions());
        }

        Spoiler subject(X500Name subject) {
            return spoilt(template.serial(), template.issuer(), subject, template.validity(), template.extensions());
        }

        Spoiler validity(Instant from, Instant until) {
            var validity = new Validity(from, until);
            return spoilt(template.serial(), template.issuer(), template.subject(), validity, template.extensions());
        }

        Spoiler foreignKey() {
            return new Spoiler(new CertificateTemplate(
                    template.serial(),
                    template.issuer(),
                    template.subject(),
                    template.validity(),
                    SvidKeys.generate().getPublic(),
                    template.extensions()));
        }

        Spoiler extension(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
            try {
                var changed =
                        new Extension(id, critical, value.toASN1Primitive().getEncoded("DER"));
                var others = Stream.of(template.extensions().getExtensionOIDs())
                        .filter(oid -> !oid.equals(id))
                        .map(template.extensions()::getExtension);
                var all = Stream.concat(others, Stream.of(changed)).toArray(Extension[]::new);
                return spoilt(
                        template.serial(),
                        template.issuer(),
                        template.subject(),
                        template.validity(),
                        new Extensions(all));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private Spoiler spoilt(
                BigInteger serial, X500Name issuer, X500Name subject, Validity validity, Extensions extensions) {
            return new Spoiler(
                    new CertificateTemplate(serial, issuer, subject, validity, template.publicKey(), extensions));
        }
    }
}
