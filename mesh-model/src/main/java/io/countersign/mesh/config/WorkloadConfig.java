package io.countersign.mesh.config;

import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.resource.MtlsMode;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What every node knows of one workload.
///
/// @param uid of the resource, which tells one life of the name from the next
/// @param addresses where it is reached
/// @param identity what its proxy proves
/// @param proxy whether a proxy stands before it
/// @param ports the mode in force for every port that a service of it names
/// @param otherPorts the mode in force for every other port
/// @param services the services that it is in, as `namespace/name`: the service's ports and, for each, the workload's
public record WorkloadConfig(
        String namespace,
        String name,
        String uid,
        List<String> addresses,
        SpiffeId identity,
        ProxyPresence proxy,
        SortedMap<Integer, MtlsMode> ports,
        MtlsMode otherPorts,
        SortedMap<String, SortedMap<Integer, Integer>> services)
        implements ConfigRecord {
    public WorkloadConfig {
        addresses = List.copyOf(addresses);
        ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    }

    @Override
    public ConfigKey key() {
        return ConfigKey.workload(namespace, name);
    }

    /// The mode that the workload's own port demands.
    public MtlsMode mode(int port) {
        return ports.getOrDefault(port, otherPorts);
    }
}
