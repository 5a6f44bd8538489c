package io.countersign.dataplane.tcp;

import io.countersign.mesh.view.FirstBytes;
import java.util.Set;

/// What a connection's first bytes tell.
///
/// @param serverName that a TLS client asks for (SNI); empty for none
/// @param protocols that a TLS client offers (ALPN)
public record Sniffed(FirstBytes first, String serverName, Set<String> protocols) {
    public Sniffed {
        protocols = Set.copyOf(protocols);
    }

    static Sniffed of(FirstBytes first) {
        return new Sniffed(first, "", Set.of());
    }
}
