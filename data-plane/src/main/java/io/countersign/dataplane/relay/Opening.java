package io.countersign.dataplane.relay;

import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.dataplane.tls.TlsFacts;
import io.netty.channel.Channel;
import java.util.Optional;

/// How an attempt to open an upstream connection ended.
public sealed interface Opening permits Opening.Opened, UpstreamFailure {
    /// The connection is there, its handshake done. Whoever is told adds the handlers at once: what the upstream sends
    /// comes to them.
    ///
    /// @param peer the verified server of mesh mutual TLS
    /// @param tls what was agreed on; empty for plaintext
    record Opened(Channel channel, Optional<PeerIdentity> peer, Optional<TlsFacts> tls) implements Opening {}
}
