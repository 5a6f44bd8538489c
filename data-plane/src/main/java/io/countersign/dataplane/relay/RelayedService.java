package io.countersign.dataplane.relay;

import java.util.function.BooleanSupplier;

/// What a connection's requests are relayed with.
///
/// @param router where they go
/// @param clientCert what the upstream is told of the client
/// @param admitted whether the connection would still be let in now; one that would not is drained
public record RelayedService(RequestRouter router, ForwardedClientCert clientCert, BooleanSupplier admitted) {}
