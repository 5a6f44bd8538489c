package io.countersign.dataplane.inbound;

import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.PortProtocol;
import io.countersign.mesh.view.Upstream;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Supplier;

/// One of the workload's ports.
///
/// @param application where the application listens
/// @param mode what the port demands at the moment
/// @param protocol what the port carries at the moment
/// @param source the address that the application is connected to from; empty for the system's choice
public record InboundPort(
        Upstream application, Supplier<PortMode> mode, Supplier<PortProtocol> protocol, Optional<InetAddress> source) {}
