package io.countersign.dataplane.tls;

import javax.net.ssl.SSLEngine;

/// What a finished handshake agreed on.
///
/// @param version as `TLSv1.3`
/// @param cipher by its IANA name
/// @param applicationProtocol by ALPN (RFC 7301); empty where none was selected
public record TlsFacts(String version, String cipher, String applicationProtocol) {
    /// Reads the engine of a finished handshake.
    public static TlsFacts of(SSLEngine engine) {
        var session = engine.getSession();
        var selected = engine.getApplicationProtocol();
        return new TlsFacts(session.getProtocol(), session.getCipherSuite(), selected == null ? "" : selected);
    }
}
