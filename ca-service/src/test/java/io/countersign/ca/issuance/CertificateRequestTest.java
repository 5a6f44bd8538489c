package io.countersign.ca.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.ca.ErrorCode;
import io.countersign.controlplane.RequestRefused;
import io.countersign.identity.CertificateSigningRequest;
import io.countersign.identity.Pem;
import io.countersign.identity.SvidKeys;
import io.countersign.mesh.identity.SpiffeId;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Random;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CertificateRequestTest {
    private static final SpiffeId HTTPBIN = SpiffeId.parse("spiffe://cluster.local/ns/full/sa/httpbin");
    private static final String[] NO_URI = {};

    @Test
    void readsKeyAndIdentityOfAnHonestRequest() {
        // Given
        var keys = SvidKeys.generate();

        // When
        var request = CertificateRequest.parse(CertificateSigningRequest.pem(keys, HTTPBIN));

        // Then
        assertThat(request.publicKey()).isEqualTo(keys.getPublic());
        assertThat(request.spiffeId()).contains(HTTPBIN);
    }

    @Test
    void doesWithoutAnIdentity() throws Exception {
        // Given
        var keys = SvidKeys.generate();

        // When
        var request = CertificateRequest.parse(made(keys, keys, "SHA256withECDSA", NO_URI));

        // Then
        assertThat(request.spiffeId()).isEmpty();
    }

    static Stream<Arguments> dishonest() throws Exception {
        var keys = SvidKeys.generate();
        var two = new String[] {HTTPBIN.toString(), HTTPBIN + "2"};
        var p384 = keys("EC", new ECGenParameterSpec("secp384r1"));
        var rsa = keys("RSA", null);
        return Stream.of(
                Arguments.of("csr: pem: no block", "not a request"),
                Arguments.of("csr: not PKCS#10", Pem.encode(Pem.CERTIFICATE_REQUEST, new byte[] {1, 2, 3})),
                Arguments.of("csr: not PKCS#10", Pem.encode(Pem.CERTIFICATE_REQUEST, new byte[] {0x30, 0})),
                Arguments.of(
                        "csr signature: not made with the request's key",
                        made(keys, SvidKeys.generate(), "SHA256withECDSA", HTTPBIN.toString())),
                Arguments.of("csr signature: not ecdsa with SHA-256", made(keys, keys, "SHA512withECDSA", NO_URI)),
                Arguments.of(
                        "csr key: not an elliptic curve key on P-256", made(p384, p384, "SHA256withECDSA", NO_URI)),
                Arguments.of("csr key: not an elliptic curve key on P-256", made(rsa, rsa, "SHA256withRSA", NO_URI)),
                Arguments.of("csr uri names: 2", made(keys, keys, "SHA256withECDSA", two)),
                Arguments.of("csr uri name", made(keys, keys, "SHA256withECDSA", "spiffe://cluster.local/../x")));
    }

    @ParameterizedTest
    @MethodSource("dishonest")
    void refusesWhatProvesNothing(String problem, String pem) {
        // When, Then
        assertThatThrownBy(() -> CertificateRequest.parse(pem))
                .isInstanceOfSatisfying(RequestRefused.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_CSR);
                    assertThat(refused.problems())
                            .anySatisfy(each -> assertThat(each).startsWith(problem));
                });
    }

    @Test
    void neverBreaksOnARequestWithChangedOctets() {
        // Given
        var der = Pem.decode(Pem.CERTIFICATE_REQUEST, CertificateSigningRequest.pem(SvidKeys.generate(), HTTPBIN))
                .getFirst();
        var random = new Random(7);

        for (var round = 0; round < 2_000; round++) {
            // When
            var changed = der.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 + random.nextInt(255));

            // Then
            assertThatThrownBy(() -> CertificateRequest.parse(Pem.encode(Pem.CERTIFICATE_REQUEST, changed)))
                    .isInstanceOf(RequestRefused.class);
        }
    }

    private static KeyPair keys(String algorithm, ECGenParameterSpec curve) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance(algorithm);
        if (curve != null) {
            generator.initialize(curve);
        }
        return generator.generateKeyPair();
    }

    private static String made(KeyPair named, KeyPair signing, String algorithm, String... uris) throws Exception {
        var builder = new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=wish"), named.getPublic());
        if (uris.length > 0) {
            var names = Stream.of(uris)
                    .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
                    .toArray(GeneralName[]::new);
            builder.addAttribute(
                    PKCSObjectIdentifiers.pkcs_9_at_extensionRequest,
                    new Extensions(Extension.create(Extension.subjectAlternativeName, false, new GeneralNames(names))));
        }
        var signer = new JcaContentSignerBuilder(algorithm).build(signing.getPrivate());
        return Pem.encode(Pem.CERTIFICATE_REQUEST, builder.build(signer).getEncoded());
    }
}
