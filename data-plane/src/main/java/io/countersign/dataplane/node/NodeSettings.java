package io.countersign.dataplane.node;

import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.dataplane.tls.PostQuantum;
import io.countersign.events.BusProperties;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustDomain;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A node's configuration, validated.
///
/// @param served at least one
/// @param busProperties hold the node's password
/// @param observer who may see on the health addresses what is in force
public record NodeSettings(
        List<WorkloadSettings> served,
        TrustDomain trustDomain,
        Map<String, Object> busProperties,
        Operations operations,
        Optional<SpiffeId> observer,
        RelaySettings relay,
        int eventLoops,
        Duration drainTimeout,
        PostQuantum postQuantum) {
    private static final int EVENT_LOOPS_MAX = 256;

    public NodeSettings {
        served = List.copyOf(served);
        busProperties = Map.copyOf(busProperties);
        if (served.isEmpty()) {
            throw new ConfigRefused("countersign.identity: missing (expected: at least one identity to serve with)");
        }
        for (var each : served) {
            requireIn(
                    trustDomain,
                    "countersign.identity.spiffe-id",
                    each.identity().spiffeId());
        }
        if (served.stream().map(each -> each.identity().nodeId()).distinct().count() < served.size()) {
            throw new ConfigRefused("countersign.identity.node-id: used twice (expected: one for each workload)");
        }
        observer.ifPresent(id -> requireIn(trustDomain, "countersign.node.observer-id", id));
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
        try {
            return new NodeSettings(
                    List.of(WorkloadSettings.of(
                            node.workload(),
                            config.identity(),
                            Optional.of(node.health().address()))),
                    node.trustDomain(),
                    BusProperties.load(config.bus().propertiesFile()),
                    new Operations(
                            node.admin().address(),
                            node.health().address(),
                            node.metrics().address(),
                            node.accessLog(),
                            node.stateDirectory(),
                            node.endsWithPid(),
                            node.leavesWhenStopped()),
                    node.observerId(),
                    relay(node.relay()),
                    node.eventLoops(),
                    node.drainTimeout(),
                    node.tls().postQuantum());
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new ConfigRefused(String.valueOf(e.getMessage()));
        }
    }

    /// The same node, which serves others too.
    public NodeSettings serving(List<WorkloadSettings> others) {
        return new NodeSettings(
                Stream.concat(served.stream(), others.stream()).toList(),
                trustDomain,
                busProperties,
                operations,
                observer,
                relay,
                eventLoops,
                drainTimeout,
                postQuantum);
    }

    /// Without the bus properties.
    @Override
    public String toString() {
        return "NodeSettings[served=%s, operations=%s, observer=%s, relay=%s, eventLoops=%d, drainTimeout=%s, postQuantum=%s]"
                .formatted(served, operations, observer, relay, eventLoops, drainTimeout, postQuantum);
    }

    private static void requireIn(TrustDomain trustDomain, String key, SpiffeId id) {
        if (!id.trustDomain().equals(trustDomain)) {
            throw new ConfigRefused(key + ": " + id + " (expected: in trust domain " + trustDomain + ")");
        }
    }

    private static RelaySettings relay(NodeConfig.Relaying relay) {
        return new RelaySettings(
                relay.connectTimeout(),
                relay.idleTimeout(),
                relay.rawIdleTimeout(),
                relay.upstreamIdleTimeout(),
                relay.connectionsPerUpstream(),
                relay.waitingPerUpstream());
    }
}
