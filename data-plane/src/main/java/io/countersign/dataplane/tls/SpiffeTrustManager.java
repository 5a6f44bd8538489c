package io.countersign.dataplane.tls;

import static io.netty.internal.tcnative.CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED;
import static io.netty.internal.tcnative.CertificateVerifier.X509_V_ERR_CERT_NOT_YET_VALID;
import static io.netty.internal.tcnative.CertificateVerifier.X509_V_ERR_CERT_REJECTED;
import static io.netty.internal.tcnative.CertificateVerifier.X509_V_ERR_CERT_REVOKED;
import static io.netty.internal.tcnative.CertificateVerifier.X509_V_ERR_INVALID_PURPOSE;
import static io.netty.internal.tcnative.CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;

import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import io.netty.handler.ssl.OpenSslCertificateException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Verifies X.509-SVIDs (X.509-SVID, section 5) under one trust bundle. It knows no host names: a server is who the
/// client expected ([#EXPECTED_PEER] in the handshake's session), a client is anybody of the trust domain.
///
/// Every refusal is an [OpenSslCertificateException] with a code, because BoringSSL makes alert 80 (internal error) of
/// any other. It must reach Netty unwrapped.
final class SpiffeTrustManager extends X509ExtendedTrustManager {
    /// Session value under which a client's engine carries the [SpiffeId] that the server must have.
    static final String EXPECTED_PEER = "io.countersign.expected-peer";

    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    /// Leaf, two intermediates and a root sent along: more than the mesh ever issues.
    private static final int CHAIN_MAX = 4;

    private final TrustBundle bundle;
    private final Set<X509Certificate> authorities;
    private final Set<TrustAnchor> anchors;
    private final InstantSource clock;

    SpiffeTrustManager(TrustBundle bundle, InstantSource clock) {
        this.bundle = bundle;
        this.authorities = Set.copyOf(bundle.trustedCertificates());
        this.anchors = authorities.stream()
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toUnmodifiableSet());
        this.clock = clock;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        verify(chain, CLIENT_AUTH);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        var id = verify(chain, SERVER_AUTH);
        var session = engine.getHandshakeSession();
        var expected = session == null ? null : session.getValue(EXPECTED_PEER);
        if (!id.equals(expected)) {
            throw refused("server identity: " + id + " (expected: " + expected + ")", X509_V_ERR_CERT_REJECTED);
        }
    }

    /// Verifies a chain of our own for both purposes, as a peer of the mesh would.
    void checkOwn(X509Certificate[] chain) throws CertificateException {
        verify(chain, CLIENT_AUTH);
        verify(chain, SERVER_AUTH);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        // Not sent in the CertificateRequest: peers have one certificate, and the list grows with every rotation.
        return new X509Certificate[0];
    }

    private SpiffeId verify(X509Certificate[] chain, String purpose) throws CertificateException {
        if (chain.length == 0 || chain.length > CHAIN_MAX) {
            throw refused(
                    "chain length: " + chain.length + " (expected: 1 to " + CHAIN_MAX + ")", X509_V_ERR_CERT_REJECTED);
        }
        verifyPath(chain);
        var leaf = chain[0];
        var uses = leaf.getExtendedKeyUsage();
        if (uses == null || !uses.contains(purpose)) {
            throw refused("extended key usage: " + uses + " (expected: " + purpose + ")", X509_V_ERR_INVALID_PURPOSE);
        }
        if (leaf.getBasicConstraints() >= 0) {
            throw refused("leaf: an authority (expected: none)", X509_V_ERR_CERT_REJECTED);
        }
        return PeerIdentity.spiffeId(leaf)
                .filter(id -> id.trustDomain().equals(bundle.trustDomain()))
                .orElseThrow(() -> refused(
                        "identity: none of " + bundle.trustDomain() + " (expected: one spiffe id)",
                        X509_V_ERR_CERT_REJECTED));
    }

    private void verifyPath(X509Certificate[] chain) throws CertificateException {
        if (anchors.isEmpty()) {
            throw refused("trust bundle: empty", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
        }
        try {
            var now = Date.from(clock.instant());
            chain[0].checkValidity(now);
            var path = Arrays.stream(chain)
                    .takeWhile(c -> !authorities.contains(c))
                    .toList();
            var parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(now);
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
        } catch (GeneralSecurityException e) {
            throw new OpenSslCertificateException("chain: " + e.getMessage(), e, code(e));
        }
    }

    private static int code(GeneralSecurityException refusal) {
        return switch (refusal) {
            case java.security.cert.CertificateExpiredException _ -> X509_V_ERR_CERT_HAS_EXPIRED;
            case java.security.cert.CertificateNotYetValidException _ -> X509_V_ERR_CERT_NOT_YET_VALID;
            case CertPathValidatorException path -> code(path.getReason());
            default -> X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
        };
    }

    private static int code(CertPathValidatorException.@Nullable Reason reason) {
        return switch (reason) {
            case CertPathValidatorException.BasicReason.EXPIRED -> X509_V_ERR_CERT_HAS_EXPIRED;
            case CertPathValidatorException.BasicReason.NOT_YET_VALID -> X509_V_ERR_CERT_NOT_YET_VALID;
            case CertPathValidatorException.BasicReason.REVOKED -> X509_V_ERR_CERT_REVOKED;
            case PKIXReason.INVALID_KEY_USAGE -> X509_V_ERR_INVALID_PURPOSE;
            case null, default -> X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
        };
    }

    private static OpenSslCertificateException refused(String message, int code) {
        return new OpenSslCertificateException(message, code);
    }

    private static IllegalStateException withoutEngine() {
        return new IllegalStateException("certificates are verified with their engine only");
    }
}
