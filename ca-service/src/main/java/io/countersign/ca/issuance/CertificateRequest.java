package io.countersign.ca.issuance;

import io.countersign.ca.ErrorCode;
import io.countersign.ca.signing.EcdsaSignatures;
import io.countersign.controlplane.RequestRefused;
import io.countersign.identity.Pem;
import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.SpiffeId;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.RuntimeOperatorException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PKCS#10 request (RFC 2986) whose sender has shown that the key is his. Of what it asks for only the SPIFFE ID is
/// read, and only to be compared.
///
/// @param spiffeId empty where the request names none
record CertificateRequest(PublicKey publicKey, Optional<SpiffeId> spiffeId) {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateRequest.class);

    /// Parses and checks a request; a [RequestRefused] names everything that is wrong with it.
    static CertificateRequest parse(String pem) {
        var request = decode(pem);
        var problems = new ArrayList<String>();
        var key = publicKey(request, problems);
        if (!request.getSignatureAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.ecdsa_with_SHA256)) {
            problems.add("csr signature: not ecdsa with SHA-256");
        } else if (key.isPresent() && !provesPossession(request, key.get())) {
            problems.add("csr signature: not made with the request's key");
        }
        var spiffeId = spiffeId(request, problems);
        if (!problems.isEmpty()) {
            throw new RequestRefused(ErrorCode.INVALID_CSR, problems);
        }
        return new CertificateRequest(key.orElseThrow(), spiffeId);
    }

    private static PKCS10CertificationRequest decode(String pem) {
        byte[] octets;
        try {
            octets = Pem.decode(Pem.CERTIFICATE_REQUEST, pem).getFirst();
        } catch (InvalidInput e) {
            throw new RequestRefused(ErrorCode.INVALID_CSR, "csr: " + e.getMessage());
        }
        try {
            var request = new PKCS10CertificationRequest(octets);
            if (!Arrays.equals(octets, request.toASN1Structure().getEncoded(ASN1Encoding.DER))) {
                throw new RequestRefused(ErrorCode.INVALID_CSR, "csr: not in distinguished encoding");
            }
            return request;
        } catch (RequestRefused e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Bouncy Castle says by exceptions of many kinds that octets are something else.
            LOG.atDebug().setCause(e).log("csr not readable");
            throw new RequestRefused(ErrorCode.INVALID_CSR, "csr: not PKCS#10");
        }
    }

    private static Optional<PublicKey> publicKey(PKCS10CertificationRequest request, List<String> problems) {
        var info = request.getSubjectPublicKeyInfo();
        var algorithm = info.getAlgorithm();
        if (!algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
                || !SECObjectIdentifiers.secp256r1.equals(algorithm.getParameters())) {
            problems.add("csr key: not an elliptic curve key on P-256");
            return Optional.empty();
        }
        try {
            return Optional.of(KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(info.getEncoded())));
        } catch (GeneralSecurityException | IOException e) {
            problems.add("csr key: no point on P-256");
            return Optional.empty();
        }
    }

    private static boolean provesPossession(PKCS10CertificationRequest request, PublicKey key) {
        try {
            return request.isSignatureValid(new JcaContentVerifierProviderBuilder()
                    .setProvider(EcdsaSignatures.PROVIDER)
                    .build(key));
        } catch (OperatorCreationException | PKCSException | RuntimeOperatorException e) {
            LOG.atDebug().addKeyValue("reason", e.toString()).log("signature not verifiable");
            return false;
        }
    }

    private static Optional<SpiffeId> spiffeId(PKCS10CertificationRequest request, List<String> problems) {
        try {
            var uris = uris(request);
            if (uris.size() > 1) {
                problems.add("csr uri names: " + uris.size() + " (expected: 1)");
                return Optional.empty();
            }
            return uris.stream().findFirst().map(SpiffeId::parse);
        } catch (InvalidInput e) {
            problems.add("csr uri name: " + e.getMessage());
            return Optional.empty();
        } catch (RuntimeException e) {
            LOG.atDebug().setCause(e).log("csr names not readable");
            problems.add("csr names: unreadable");
            return Optional.empty();
        }
    }

    private static List<String> uris(PKCS10CertificationRequest request) {
        if (request.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest).length == 0) {
            return List.of();
        }
        var extensions = request.getRequestedExtensions();
        var names =
                extensions == null ? null : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
        if (names == null) {
            return List.of();
        }
        return Arrays.stream(names.getNames())
                .filter(name -> name.getTagNo() == GeneralName.uniformResourceIdentifier)
                .map(name -> name.getName().toString())
                .toList();
    }
}
