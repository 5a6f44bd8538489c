package io.countersign.dataplane.http;

import io.countersign.dataplane.telemetry.Direction;
import io.countersign.dataplane.tls.Offer;
import io.countersign.dataplane.tls.PeerIdentity;
import io.countersign.dataplane.tls.TlsFacts;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// What a connection's requests are relayed with.
///
/// @param direction which side of the workload this is
/// @param client who is proved at the other end
/// @param router where requests go
/// @param offer how the application is spoken to: [Offer#HTTP2] where the client's application spoke HTTP/2
/// @param source the local address that the application is connected to from; empty for the system's choice
/// @param admitted whether the connection would still be let in now; one that would not is drained
public record RelayedService(
        Direction direction,
        Client client,
        RequestRouter router,
        Offer offer,
        Optional<InetAddress> source,
        BooleanSupplier admitted) {
    /// The other end of the accepted connection.
    ///
    /// @param cert what the upstream is told of it
    /// @param peer the verified client of mutual TLS
    /// @param tls of the accepted connection; empty for plaintext
    public record Client(ForwardedClientCert cert, Optional<PeerIdentity> peer, Optional<TlsFacts> tls) {
        /// Nobody is proved.
        public static final Client PLAIN = new Client(ForwardedClientCert.NONE, Optional.empty(), Optional.empty());
    }
}
