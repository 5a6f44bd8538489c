package io.countersign.dataplane.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedTrustManager;

/// Verifies certificates with their engine only, as Netty asks for it.
abstract class EngineTrustManager extends X509ExtendedTrustManager {
    @Override
    public final void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public final void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public final void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public final void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public final X509Certificate[] getAcceptedIssuers() {
        // Not sent in the CertificateRequest: peers have one certificate, and the list grows with every rotation.
        return new X509Certificate[0];
    }

    private static IllegalStateException withoutEngine() {
        return new IllegalStateException("certificates are verified with their engine only");
    }
}
