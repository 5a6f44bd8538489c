package io.countersign.dataplane.node;

import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.events.BusProperties;
import io.countersign.identity.IdentitySettings;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustDomain;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// A node's configuration, validated.
///
/// @param workload that it serves; empty for a gateway
/// @param busProperties hold the node's password
/// @param observer who may see on the health address what is in force
public record NodeSettings(
        Optional<ConfigKey> workload,
        TrustDomain trustDomain,
        IdentitySettings identity,
        Map<String, Object> busProperties,
        InetSocketAddress admin,
        InetSocketAddress health,
        Optional<SpiffeId> observer,
        RelaySettings relay,
        int eventLoops,
        Duration drainTimeout) {
    private static final int EVENT_LOOPS_MAX = 256;

    public NodeSettings {
        busProperties = Map.copyOf(busProperties);
        if (!identity.spiffeId().trustDomain().equals(trustDomain)) {
            throw new ConfigRefused("countersign.identity.spiffe-id: " + identity.spiffeId()
                    + " (expected: in trust domain " + trustDomain + ")");
        }
        if (observer.filter(id -> !id.trustDomain().equals(trustDomain)).isPresent()) {
            throw new ConfigRefused("countersign.node.observer-id: " + observer.get() + " (expected: in trust domain "
                    + trustDomain + ")");
        }
        if (eventLoops < 1 || eventLoops > EVENT_LOOPS_MAX) {
            throw new ConfigRefused(
                    "countersign.node.event-loops: " + eventLoops + " (expected: 1 to " + EVENT_LOOPS_MAX + ")");
        }
        if (!drainTimeout.isPositive()) {
            throw new ConfigRefused("countersign.node.drain-timeout: " + drainTimeout + " (expected: > 0)");
        }
    }

    /// Validates what the mapping read.
    ///
    /// @throws ConfigRefused for values that do not fit together
    public static NodeSettings of(CommonConfig config) {
        var node = config.node();
        var identity = config.identity();
        try {
            return new NodeSettings(
                    node.workload(),
                    node.trustDomain(),
                    new IdentitySettings(
                            identity.caUri(),
                            IdentitySettings.caOf(identity.spiffeId()),
                            identity.spiffeId(),
                            identity.nodeId(),
                            identity.joinTokenFile(),
                            identity.directory()),
                    BusProperties.load(config.bus().propertiesFile()),
                    node.admin().address(),
                    node.health().address(),
                    node.observerId(),
                    relay(node.relay()),
                    node.eventLoops(),
                    node.drainTimeout());
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new ConfigRefused(String.valueOf(e.getMessage()));
        }
    }

    /// Without the bus properties.
    @Override
    public String toString() {
        return "NodeSettings[workload=%s, spiffeId=%s, nodeId=%s, admin=%s, health=%s, observer=%s, relay=%s, eventLoops=%d, drainTimeout=%s]"
                .formatted(
                        workload,
                        identity.spiffeId(),
                        identity.nodeId(),
                        admin,
                        health,
                        observer,
                        relay,
                        eventLoops,
                        drainTimeout);
    }

    private static RelaySettings relay(NodeConfig.Relaying relay) {
        return new RelaySettings(
                relay.connectTimeout(),
                relay.idleTimeout(),
                relay.upstreamIdleTimeout(),
                relay.connectionsPerUpstream(),
                relay.waitingPerUpstream());
    }
}
