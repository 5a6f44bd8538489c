package io.countersign.mesh.config;

import io.countersign.mesh.identity.SpiffeId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What every node knows of one workload.
///
/// @param uid of the resource, which tells one life of the name from the next
/// @param addresses where it is reached
/// @param labels by which rules select it
/// @param identity what its proxy proves
/// @param proxy whether a proxy stands before it
/// @param ports the mode of every port that a service or a policy names
/// @param otherPorts the mode of every other port
/// @param services the services that it is in, as `namespace/name`: the service's ports and, for each, the workload's
public record WorkloadConfig(
        String namespace,
        String name,
        String uid,
        List<String> addresses,
        SortedMap<String, String> labels,
        SpiffeId identity,
        ProxyPresence proxy,
        SortedMap<Integer, PortMode> ports,
        PortMode otherPorts,
        SortedMap<String, SortedMap<Integer, Integer>> services)
        implements ConfigRecord {
    public WorkloadConfig {
        addresses = List.copyOf(addresses);
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    }

    @Override
    public ConfigKey key() {
        return ConfigKey.workload(namespace, name);
    }

    /// The mode of one of the workload's own ports.
    public PortMode mode(int port) {
        return ports.getOrDefault(port, otherPorts);
    }

    /// Whether a service leads to one of the workload's own ports, or a policy names it.
    public boolean serves(int port) {
        return ports.containsKey(port);
    }

    public WorkloadConfig with(ProxyPresence present) {
        return new WorkloadConfig(
                namespace, name, uid, addresses, labels, identity, present, ports, otherPorts, services);
    }

    public WorkloadConfig with(SortedMap<Integer, PortMode> modes, PortMode others) {
        return new WorkloadConfig(namespace, name, uid, addresses, labels, identity, proxy, modes, others, services);
    }
}
