package io.countersign.identity;

import io.countersign.mesh.InvalidInput;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.PSSParameterSpec;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Refuses weak keys and digests in any chain, the mesh's own or not: what CAs may not issue for the open web (Baseline
/// Requirements, sections 6.1.5 and 7.1.3.2), and the JDK lets pass as long as no property of its is changed. A trust
/// anchor's own signature proves nothing and does not count; its key does. It has no state, and is for any number of
/// threads.
public final class ChainStrength extends PKIXCertPathChecker {
    private static final int RSA_BITS_MIN = 2_048;
    private static final int DSA_BITS_MIN = 2_048;
    private static final int EC_BITS_MIN = 256;
    private static final Pattern WEAK_DIGEST = Pattern.compile("(?i)SHA-?1(?![0-9])|MD[245]");

    /// The one algorithm whose name does not tell its digest (RFC 8017, appendix A.2.3).
    private static final String PSS = "RSASSA-PSS";

    private static final String JDK_VERIFIER = "PKIX";
    private static final String PSS_DEFAULT = "SHA-1";

    /// The JDK's trust manager with this rule besides, under these authorities; where there are none, under the
    /// system's. [InvalidInput] where one of them is too weak itself.
    public static X509ExtendedTrustManager trust(Collection<X509Certificate> authorities)
            throws GeneralSecurityException {
        for (var authority : authorities) {
            weakKey(authority.getPublicKey()).ifPresent(weakness -> {
                throw new InvalidInput("authority " + authority.getSubjectX500Principal() + ": " + weakness);
            });
        }
        var anchors = (authorities.isEmpty() ? systemAuthorities() : authorities.stream())
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet());
        var parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        // Asked of nobody, as the JDK has it by default.
        parameters.setRevocationEnabled(false);
        parameters.addCertPathChecker(new ChainStrength());
        var factory = TrustManagerFactory.getInstance(JDK_VERIFIER);
        factory.init(new CertPathTrustManagerParameters(parameters));
        return only(factory);
    }

    private static Stream<X509Certificate> systemAuthorities() throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(JDK_VERIFIER);
        factory.init((KeyStore) null);
        return Stream.of(only(factory).getAcceptedIssuers())
                .filter(authority -> weakKey(authority.getPublicKey()).isEmpty());
    }

    private static X509ExtendedTrustManager only(TrustManagerFactory factory) {
        return Stream.of(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("every JDK verifies X.509"));
    }

    /// What is too weak in a certificate that somebody else signed, or nothing.
    public static Optional<String> weakness(X509Certificate certificate) {
        return weakKey(certificate.getPublicKey()).or(() -> weakSignature(certificate));
    }

    /// What is too weak in a key, or nothing.
    public static Optional<String> weakKey(PublicKey key) {
        return switch (key) {
            case RSAKey rsa -> fewerBits("RSA", rsa.getModulus().bitLength(), RSA_BITS_MIN);
            case DSAKey dsa -> fewerBits("DSA", dsa.getParams().getP().bitLength(), DSA_BITS_MIN);
            case ECKey ec -> fewerBits("EC", ec.getParams().getOrder().bitLength(), EC_BITS_MIN);
            default -> Optional.empty();
        };
    }

    private static Optional<String> fewerBits(String kind, int bits, int expected) {
        return bits < expected
                ? Optional.of(kind + " key of " + bits + " bits (expected: >= " + expected + ")")
                : Optional.empty();
    }

    private static Optional<String> weakSignature(X509Certificate certificate) {
        var name = certificate.getSigAlgName();
        var algorithm = name.equals(PSS) ? PSS + " and " + pssDigest(certificate.getSigAlgParams()) : name;
        return WEAK_DIGEST.matcher(algorithm).find() ? Optional.of("signed with " + algorithm) : Optional.empty();
    }

    /// @param parameters as they stand in the certificate; where they are missing or unreadable, the digest is the
    ///     default one
    private static String pssDigest(byte @Nullable [] parameters) {
        try {
            var read = AlgorithmParameters.getInstance(PSS);
            read.init(Objects.requireNonNullElse(parameters, new byte[0]));
            return read.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
        } catch (GeneralSecurityException | IOException e) {
            return PSS_DEFAULT;
        }
    }

    @Override
    public void init(boolean forward) {}

    @Override
    public boolean isForwardCheckingSupported() {
        return true;
    }

    @Override
    public @Nullable Set<String> getSupportedExtensions() {
        return null;
    }

    @Override
    public void check(Certificate certificate, Collection<String> unresolved) throws CertPathValidatorException {
        var weakness = weakness((X509Certificate) certificate);
        if (weakness.isPresent()) {
            throw new CertPathValidatorException(weakness.get());
        }
    }
}
