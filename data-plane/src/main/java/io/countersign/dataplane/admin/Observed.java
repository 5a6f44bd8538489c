package io.countersign.dataplane.admin;

import io.countersign.dataplane.relay.Relay;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.view.MeshView;
import java.util.Optional;
import java.util.function.Supplier;

/// What the admin pages show.
///
/// @param workload whose requests the node sends
public record Observed(LiveTls tls, Supplier<MeshView> view, Relay relay, Optional<ConfigKey> workload) {}
