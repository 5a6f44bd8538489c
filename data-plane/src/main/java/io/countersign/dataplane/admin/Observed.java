package io.countersign.dataplane.admin;

import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.identity.SpiffeId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// One of those that a node serves, as the pages show it.
///
/// @param workload empty for a gateway
/// @param certificates where the certificates are kept as files
public record Observed(
        Optional<ConfigKey> workload,
        SpiffeId identity,
        LiveTls tls,
        Optional<Path> certificates,
        Supplier<List<Listener>> listeners) {}
