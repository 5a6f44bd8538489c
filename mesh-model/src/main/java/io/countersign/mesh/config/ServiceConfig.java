package io.countersign.mesh.config;

import io.countersign.mesh.InvalidInput;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What every node knows of one service; its endpoints are the workloads that name it.
///
/// @param uid of the resource
/// @param hosts the fully qualified names, at least one
/// @param addresses that stand for all its endpoints, in the form of [io.countersign.mesh.IpAddress]
/// @param ports the service's ports and their declared protocols in lower case, empty where none is declared
public record ServiceConfig(
        String namespace,
        String name,
        String uid,
        List<String> hosts,
        List<String> addresses,
        SortedMap<Integer, String> ports)
        implements ConfigRecord {
    public ServiceConfig {
        hosts = List.copyOf(hosts);
        addresses = List.copyOf(addresses);
        if (hosts.isEmpty()) {
            throw InvalidInput.of("service hosts", hosts, "at least one");
        }
        ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
    }

    @Override
    public ConfigKey key() {
        return ConfigKey.service(namespace, name);
    }

    /// What connections to one of its ports carry.
    public PortProtocol protocol(int port) {
        return PortProtocol.of(ports.getOrDefault(port, ""));
    }
}
