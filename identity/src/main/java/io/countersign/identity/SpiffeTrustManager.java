package io.countersign.identity;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// The JDK's TLS asking who the peer is: by trust bundle and SPIFFE ID, never by DNS name. A refusal is a
/// [SvidRefused].
public final class SpiffeTrustManager extends X509ExtendedTrustManager {
    /// Judges a presented chain, each time anew: what it trusts may change between two handshakes.
    @FunctionalInterface
    public interface Judge {
        /// Judges a peer that plays the given side.
        SvidVerification judge(List<X509Certificate> chain, SvidUsage usage);
    }

    private final Judge judge;

    public SpiffeTrustManager(Judge judge) {
        this.judge = judge;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws SvidRefused {
        check(chain, SvidUsage.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws SvidRefused {
        check(chain, SvidUsage.SERVER);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws SvidRefused {
        check(chain, SvidUsage.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws SvidRefused {
        check(chain, SvidUsage.SERVER);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws SvidRefused {
        check(chain, SvidUsage.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws SvidRefused {
        check(chain, SvidUsage.SERVER);
    }

    /// None: peers find the right certificate by themselves, and the names of authorities need not be told.
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private void check(X509Certificate[] chain, SvidUsage usage) throws SvidRefused {
        switch (judge.judge(List.of(chain), usage)) {
            case SvidVerification.Valid _ -> {}
            case SvidVerification.Refused refused -> throw new SvidRefused(refused);
        }
    }
}
