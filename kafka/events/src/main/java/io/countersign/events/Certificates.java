package io.countersign.events;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;

/// Certificates in JSON: DER in Base64, as in a JWS' `x5c` (RFC 7515, section 4.1.6).
final class Certificates {
    private Certificates() {}

    static String encode(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has an encoding", e);
        }
    }

    static X509Certificate decode(String base64) {
        try {
            var der = Base64.getDecoder().decode(base64);
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException | IllegalArgumentException e) {
            throw new UnreadableRecord("certificate: not X.509 in base64", e);
        }
    }
}
