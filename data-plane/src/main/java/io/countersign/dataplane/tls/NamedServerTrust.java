package io.countersign.dataplane.tls;

import static io.netty.internal.tcnative.CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED;
import static io.netty.internal.tcnative.CertificateVerifier.X509_V_ERR_CERT_NOT_YET_VALID;
import static io.netty.internal.tcnative.CertificateVerifier.X509_V_ERR_CERT_REJECTED;
import static io.netty.internal.tcnative.CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;

import io.netty.handler.ssl.OpenSslCertificateException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Verifies servers as the JDK does, and by the names that a rule gives in place of the host's. Every refusal has a
/// code: BoringSSL makes alert 80 (internal error) of any other.
final class NamedServerTrust extends EngineTrustManager {
    /// The kinds of subject alternative name that are looked at (RFC 5280, section 4.2.1.6).
    private static final int DNS = 2;

    private static final int URI = 6;

    private final X509ExtendedTrustManager chains;
    private final List<String> names;

    /// @param chains verifies all but these names
    /// @param names of which the server must have one: host names and URIs; none for the host's
    NamedServerTrust(X509ExtendedTrustManager chains, List<String> names) {
        this.chains = chains;
        this.names = List.copyOf(names);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            chains.checkServerTrusted(chain, authType, engine);
            requireName(chain[0]);
        } catch (CertificateException | RuntimeException e) {
            // A certificate may be parsed no sooner than something is asked of it.
            throw new OpenSslCertificateException(e.getMessage(), e, code(e));
        }
    }

    private void requireName(X509Certificate server) throws CertificateException {
        if (names.isEmpty()) {
            return;
        }
        var alternatives = server.getSubjectAlternativeNames();
        if (alternatives == null || alternatives.stream().noneMatch(name -> isNamed(List.copyOf(name)))) {
            throw new CertificateException(
                    "server certificate: none of its names is expected (expected: one of " + names + ")");
        }
    }

    /// @return of the first cause that tells more than that the certificate is bad
    private static int code(Throwable refusal) {
        return switch (refusal) {
            case CertPathValidatorException fault
            when fault.getReason() == BasicReason.EXPIRED -> X509_V_ERR_CERT_HAS_EXPIRED;
            case CertPathValidatorException fault
            when fault.getReason() == BasicReason.NOT_YET_VALID -> X509_V_ERR_CERT_NOT_YET_VALID;
            case CertPathBuilderException fault
            when fault.getCause() == null -> X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
            default -> refusal.getCause() == null ? X509_V_ERR_CERT_REJECTED : code(refusal.getCause());
        };
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
        throw new IllegalStateException("clients are not verified here");
    }

    private boolean isNamed(List<?> alternative) {
        if (!(alternative.getFirst() instanceof Integer kind) || !(alternative.getLast() instanceof String found)) {
            return false;
        }
        return switch (kind) {
            case URI -> names.contains(found);
            case DNS -> names.stream().anyMatch(name -> covers(found, name));
            default -> false;
        };
    }

    /// Whether a certificate's host name, of which the first label may be `*` (RFC 6125, section 6.4.3), is the one.
    private static boolean covers(String found, String name) {
        var dot = name.indexOf('.');
        return found.equalsIgnoreCase(name)
                || (dot > 0 && found.startsWith("*.") && found.substring(1).equalsIgnoreCase(name.substring(dot)));
    }
}
