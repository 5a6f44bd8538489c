package io.countersign.mesh.view;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.ConfigRecord;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.ServiceConfig;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.resource.MtlsMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/// All config that a node has applied, as one immutable value; a new one shares what did not change.
///
/// @param members the workloads of every service, by `namespace/name`: derived from the workloads
public record MeshView(
        TreePMap<ConfigKey, ServiceConfig> services,
        TreePMap<ConfigKey, WorkloadConfig> workloads,
        TreePMap<String, TreePSet<ConfigKey>> members) {
    public static final MeshView EMPTY = new MeshView(TreePMap.empty(), TreePMap.empty(), TreePMap.empty());

    /// The view with a record in the place of its predecessor.
    public MeshView apply(ConfigRecord record) {
        return switch (record) {
            case ServiceConfig service -> new MeshView(services.plus(service.key(), service), workloads, members);
            case WorkloadConfig workload -> {
                var left = remove(workload.key());
                var joined = left.members;
                for (var service : workload.services().keySet()) {
                    var others = joined.getOrDefault(service, TreePSet.<ConfigKey>empty());
                    joined = joined.plus(service, others.plus(workload.key()));
                }
                yield new MeshView(services, left.workloads.plus(workload.key(), workload), joined);
            }
        };
    }

    /// The view without the record of a key.
    public MeshView remove(ConfigKey key) {
        return switch (key.kind()) {
            case SERVICE -> new MeshView(services.minus(key), workloads, members);
            case WORKLOAD -> {
                var workload = workloads.get(key);
                if (workload == null) {
                    yield this;
                }
                var left = members;
                for (var service : workload.services().keySet()) {
                    var others = left.getOrDefault(service, TreePSet.<ConfigKey>empty())
                            .minus(key);
                    left = others.isEmpty() ? left.minus(service) : left.plus(service, others);
                }
                yield new MeshView(services, workloads.minus(key), left);
            }
        };
    }

    public Optional<WorkloadConfig> workload(ConfigKey key) {
        return Optional.ofNullable(workloads.get(key));
    }

    /// The mode that a workload's port demands. A workload that the view does not know demands the most.
    public MtlsMode mode(ConfigKey workload, int port) {
        return workload(workload).map(config -> config.mode(port)).orElse(MtlsMode.STRICT);
    }

    /// Finds what a client means by a host and a port.
    ///
    /// @param host `name`, `name.namespace`, `name.namespace.svc` or `name.namespace.svc.cluster.local`,
    ///     of a service or of a workload; a service goes before a workload of the same name
    /// @param clientNamespace where a bare name is looked for
    public Destination lookup(String host, int port, String clientNamespace) {
        var name = HostName.parse(host, clientNamespace);
        if (name.isEmpty()) {
            return new Destination.Unknown();
        }
        var service = services.get(
                ConfigKey.service(name.get().namespace(), name.get().name()));
        if (service != null) {
            return lookup(service, port);
        }
        return workload(ConfigKey.workload(name.get().namespace(), name.get().name()))
                .map(workload -> offer(List.of(workload), config -> Optional.of(port)))
                .orElseGet(Destination.Unknown::new);
    }

    private Destination lookup(ServiceConfig service, int port) {
        if (!service.ports().containsKey(port)) {
            return new Destination.NoEndpoint("the service has no port " + port);
        }
        var id = service.namespace() + "/" + service.name();
        var candidates = members.getOrDefault(id, TreePSet.<ConfigKey>empty()).stream()
                .map(workloads::get)
                .toList();
        return offer(
                candidates,
                workload -> Optional.ofNullable(workload.services().get(id)).map(ports -> ports.get(port)));
    }

    private static Destination offer(
            List<WorkloadConfig> candidates, Function<WorkloadConfig, Optional<Integer>> portOf) {
        var upstreams = new ArrayList<Upstream>();
        for (var workload : candidates) {
            // A declared proxy that has not reported yet may not be there to demand mutual TLS.
            if (workload.proxy() == ProxyPresence.DECLARED) {
                continue;
            }
            portOf.apply(workload)
                    .ifPresent(port -> workload.addresses()
                            .forEach(address -> upstreams.add(
                                    new Upstream(workload.key(), address, port, mutualTlsWith(workload, port)))));
        }
        return upstreams.isEmpty()
                ? new Destination.NoEndpoint(
                        candidates.isEmpty() ? "no workload is in the service" : "no endpoint is ready")
                : new Destination.Endpoints(upstreams);
    }

    private static Optional<SpiffeId> mutualTlsWith(WorkloadConfig workload, int port) {
        var inMesh = workload.proxy() == ProxyPresence.PRESENT && workload.mode(port) != MtlsMode.DISABLE;
        return inMesh ? Optional.of(workload.identity()) : Optional.empty();
    }
}
