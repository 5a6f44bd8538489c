package io.countersign.dataplane.tcp;

import io.countersign.dataplane.telemetry.Direction;
import io.countersign.dataplane.telemetry.ResponseFlag;
import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.dataplane.tls.TlsFacts;
import io.countersign.mesh.view.Upstream;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Where a connection's bytes go, and what is known of where they come from.
///
/// @param service the host that was asked for; empty where nobody said one
/// @param candidates to the first that can be reached; none resets the connection
/// @param refusal why there is no candidate
/// @param peer the verified client of mutual TLS
/// @param tls of the accepted connection; empty for plaintext
/// @param source the local address to connect from; empty for the system's choice
/// @param admitted whether the connection would still be let in now; one that would not is drained
/// @param undeclared whether nobody has said that these are not requests of HTTP to a server that believes what we say
///     of its callers
public record RawRoute(
        Direction direction,
        String service,
        List<Upstream> candidates,
        Refusal refusal,
        Optional<PeerIdentity> peer,
        Optional<TlsFacts> tls,
        Optional<InetAddress> source,
        BooleanSupplier admitted,
        boolean undeclared) {
    public RawRoute {
        candidates = List.copyOf(candidates);
    }

    /// Why a connection is reset before anything is relayed.
    public record Refusal(ResponseFlag flag, String detail) {
        /// Nothing is refused.
        public static final Refusal NONE = new Refusal(ResponseFlag.NONE, "");
    }
}
