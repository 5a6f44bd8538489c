package io.countersign.mesh.view;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.identity.SpiffeId;
import java.util.Optional;

/// One endpoint of a destination, and how to speak to it.
///
/// @param workload whose endpoint it is
/// @param mutualTlsWith the one identity that the endpoint must prove; empty when it is reached in plaintext
public record Upstream(ConfigKey workload, String address, int port, Optional<SpiffeId> mutualTlsWith) {}
