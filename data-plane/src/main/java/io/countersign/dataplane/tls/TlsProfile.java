package io.countersign.dataplane.tls;

import static io.netty.handler.ssl.ApplicationProtocolConfig.Protocol.ALPN;
import static io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT;
import static io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.TrustManager;

/// What all contexts of a node have in common, whatever they are made from.
final class TlsProfile {
    /// A peer that has not finished its handshake by then is cut.
    static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    /// A session can be taken up for that long.
    static final int SESSION_SECONDS = 3600;

    /// Forward secrecy and authenticated encryption only; BoringSSL chooses among those of TLS 1.3 by itself.
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private TlsProfile() {}

    /// Gives a context its versions, ciphers and protocols.
    static SslContextBuilder apply(
            SslContextBuilder builder, TrustManager trust, PostQuantum postQuantum, String... alpn) {
        return builder.sslProvider(SslProvider.OPENSSL)
                .trustManager(trust)
                .protocols(postQuantum.protocols())
                .ciphers(CIPHERS)
                .option(OpenSslContextOption.GROUPS, postQuantum.groups())
                .applicationProtocolConfig(new ApplicationProtocolConfig(ALPN, NO_ADVERTISE, ACCEPT, alpn));
    }

    /// What a context of ours does about sessions.
    static OpenSslSessionContext sessions(SslContext context) {
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            return sessions;
        }
        throw new IllegalStateException("every context of a node is BoringSSL's");
    }

    /// A peer that does not finish its handshake is cut.
    static SslHandler withTimeout(SslHandler handler) {
        handler.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT.toMillis());
        return handler;
    }
}
