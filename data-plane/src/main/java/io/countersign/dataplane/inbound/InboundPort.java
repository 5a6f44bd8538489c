package io.countersign.dataplane.inbound;

import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.view.Upstream;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/// One advertised port.
///
/// @param listen where the proxy listens in the application's place
/// @param application where the application listens
/// @param mode what the port demands at the moment
public record InboundPort(InetSocketAddress listen, Upstream application, Supplier<PortMode> mode) {}
