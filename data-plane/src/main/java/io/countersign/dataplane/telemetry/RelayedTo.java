package io.countersign.dataplane.telemetry;

import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.dataplane.tls.TlsFacts;
import io.countersign.mesh.view.Upstream;
import java.util.Optional;

/// Between whom something was relayed.
///
/// @param service the host that was asked for; empty where a connection says none
/// @param upstream the endpoint that was chosen; empty where none was reached
/// @param peer the verified other side of the mutual TLS hop: the client on the inbound side, the server on the
///     outbound side
/// @param tls of the mutual TLS hop; empty for plaintext
public record RelayedTo(
        Direction direction,
        String service,
        Optional<Upstream> upstream,
        Optional<PeerIdentity> peer,
        Optional<TlsFacts> tls) {}
