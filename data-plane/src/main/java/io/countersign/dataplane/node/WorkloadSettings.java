package io.countersign.dataplane.node;

import io.countersign.identity.IdentitySettings;
import io.countersign.mesh.config.ConfigKey;
import java.net.InetSocketAddress;
import java.util.Optional;

/// One of those that a node serves, each with an identity and a key of its own.
///
/// @param workload empty for a gateway
/// @param health where the observer may ask what this one has in force; empty where nobody may
public record WorkloadSettings(
        Optional<ConfigKey> workload, IdentitySettings identity, Optional<InetSocketAddress> health) {
    /// Validates what the mapping read.
    ///
    /// @throws ConfigRefused for values that do not fit together
    public static WorkloadSettings of(
            Optional<ConfigKey> workload, IdentityConfig identity, Optional<InetSocketAddress> health) {
        try {
            var settings = new IdentitySettings(
                    identity.caUri(),
                    IdentitySettings.caOf(identity.spiffeId()),
                    identity.spiffeId(),
                    identity.nodeId(),
                    identity.joinTokenFile(),
                    identity.directory());
            return new WorkloadSettings(workload, settings, health);
        } catch (IllegalArgumentException e) {
            throw new ConfigRefused(String.valueOf(e.getMessage()));
        }
    }
}
