package io.countersign.local.control;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Whether the other side is this mesh's ca-service: by its SPIFFE ID under its root, whatever the host's name.
///
/// The launcher cannot know the root before ca-service has made it. So the first root is taken from the process that
/// the launcher itself started and that holds the port; every connection after that must show the same root.
/// Thread-safe.
public final class CaTrust extends X509ExtendedTrustManager {

    private static final int URI_NAME = 6;

    private final String spiffeId;
    private final BooleanSupplier portIsOurs;
    private final AtomicReference<@Nullable X509Certificate> root = new AtomicReference<>();

    /// Knows no root yet.
    ///
    /// @param portIsOurs whether ca-service's port is held by the process that was started as ca-service
    public CaTrust(String spiffeId, BooleanSupplier portIsOurs) {
        this.spiffeId = spiffeId;
        this.portIsOurs = portIsOurs;
    }

    /// The root, PEM, once a connection was accepted.
    public String rootPem() {
        try {
            byte[] encoded =
                    Objects.requireNonNull(root.get(), "no connection yet").getEncoded();
            String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
            return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateException e) {
            throw new IllegalStateException("ca-service's root cannot be encoded", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        X509Certificate leaf = chain[0];
        X509Certificate last = chain[chain.length - 1];
        leaf.checkValidity();
        if (!spiffeIds(leaf).equals(List.of(spiffeId))) {
            throw new CertificateException("identity: " + spiffeIds(leaf) + " (expected: " + spiffeId + ")");
        }
        verify(chain);
        X509Certificate known = root.get();
        if (known == null) {
            if (!portIsOurs.getAsBoolean()) {
                throw new CertificateException("ca-service's port is held by another process");
            }
            root.compareAndSet(null, last);
        } else if (!known.equals(last)) {
            throw new CertificateException("ca-service shows another root than before");
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("the launcher is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    /// Each is signed by the next, which is an authority, and the last by itself.
    private static void verify(X509Certificate[] chain) throws CertificateException {
        try {
            for (int i = 0; i < chain.length; i++) {
                X509Certificate issuer = chain[Math.min(i + 1, chain.length - 1)];
                if (issuer.getBasicConstraints() < 0) {
                    throw new CertificateException("issuer in the chain: no authority");
                }
                chain[i].verify(issuer.getPublicKey());
            }
        } catch (CertificateException e) {
            throw e;
        } catch (java.security.GeneralSecurityException e) {
            throw new CertificateException("signature in the chain", e);
        }
    }

    private static List<String> spiffeIds(X509Certificate leaf) throws CertificateParsingException {
        Collection<List<?>> names = leaf.getSubjectAlternativeNames();
        if (names == null) {
            return List.of();
        }
        return names.stream()
                .filter(name -> Integer.valueOf(URI_NAME).equals(name.get(0)))
                .map(name -> String.valueOf(name.get(1)))
                .toList();
    }
}
