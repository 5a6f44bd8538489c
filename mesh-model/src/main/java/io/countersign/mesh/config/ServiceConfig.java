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
/// @param ports the service's ports and their declared protocols in lower case, empty where none is declared
public record ServiceConfig(
        String namespace, String name, String uid, List<String> hosts, SortedMap<Integer, String> ports)
        implements ConfigRecord {
    public ServiceConfig {
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty()) {
            throw InvalidInput.of("service hosts", hosts, "at least one");
        }
        ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
    }

    @Override
    public ConfigKey key() {
        return ConfigKey.service(namespace, name);
    }
}
