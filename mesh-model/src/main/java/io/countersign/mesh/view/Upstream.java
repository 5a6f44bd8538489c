package io.countersign.mesh.view;

import io.countersign.mesh.config.ConfigKey;

/// One endpoint of a destination, and how to speak to it.
///
/// @param workload whose endpoint it is
public record Upstream(ConfigKey workload, String address, int port, UpstreamTls tls) {}
