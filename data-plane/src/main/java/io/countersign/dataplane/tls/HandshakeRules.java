package io.countersign.dataplane.tls;

import java.time.InstantSource;
import java.util.function.Supplier;

/// What handshakes go by beside the material.
///
/// @param withdrawals read anew by each handshake
record HandshakeRules(
        InstantSource clock, Supplier<Withdrawals> withdrawals, TicketKeys tickets, PostQuantum postQuantum) {}
