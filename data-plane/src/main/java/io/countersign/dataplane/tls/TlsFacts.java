package io.countersign.dataplane.tls;

import io.netty.handler.ssl.OpenSslEngine;
import io.netty.handler.ssl.OpenSslSession;
import io.netty.internal.tcnative.SSL;
import java.util.Objects;
import javax.net.ssl.SSLEngine;

/// What a finished handshake has agreed on, for logs and metrics.
///
/// @param version `TLSv1.3` or `TLSv1.2`
/// @param cipher by its name in the IANA's registry
/// @param group of the key exchange, `X25519MLKEM768` for one; empty where there was none, as in a resumption of TLS
/// 1.2
/// @param alpn the protocol selected; empty when none was
/// @param resumed whether it took up an earlier session
public record TlsFacts(String version, String cipher, String group, String alpn, boolean resumed) {
    /// Reads the facts, on the event loop that has just finished the handshake.
    public static TlsFacts of(SSLEngine engine) {
        if (!(engine.getSession() instanceof OpenSslSession session) || !(engine instanceof OpenSslEngine openSsl)) {
            throw new IllegalStateException("every context of a node is BoringSSL's");
        }
        var pointer = openSsl.sslPointer();
        return new TlsFacts(
                session.getProtocol(),
                session.getCipherSuite(),
                Objects.requireNonNullElse(session.getNamedGroup(), ""),
                Objects.requireNonNullElse(engine.getApplicationProtocol(), ""),
                // An engine that was closed meanwhile has nothing left to ask.
                pointer != 0 && SSL.isSessionReused(pointer));
    }
}
