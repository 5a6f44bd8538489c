package io.countersign.mesh.analysis;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.ServiceConfig;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.projection.MeshState;
import io.countersign.mesh.projection.Projection;
import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceSpec.ServicePort;
import io.countersign.mesh.resource.ResourceSpec.ServiceSpec;
import io.countersign.mesh.resource.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The services of a mesh and their workloads, joined as nodes join them.
final class Services {
    private final MeshState state;
    private final Map<String, List<WorkloadConfig>> members = new HashMap<>();
    private final Map<String, List<WorkloadConfig>> workloads = new HashMap<>();

    private Services(MeshState state) {
        this.state = state;
    }

    static Services of(MeshState state) {
        var services = new Services(state);
        state.all(ResourceType.WORKLOAD_ENTRY).forEach(services::join);
        return services;
    }

    /// One service, as it was written and as nodes know it.
    record Service(Resource resource, ServiceConfig config, List<WorkloadConfig> members) {
        String host() {
            return config.hosts().getFirst();
        }

        String namespace() {
            return config.namespace();
        }

        List<ServicePort> ports() {
            return Services.ports(resource);
        }

        /// Whether a client means this service by a host: its short name at home, or any longer form.
        boolean isMeant(String asked, String clientNamespace) {
            var longer = config.name() + "." + config.namespace();
            return config.hosts().contains(asked)
                    || asked.equals(longer)
                    || asked.equals(longer + ".svc")
                    || (asked.equals(config.name()) && config.namespace().equals(clientNamespace));
        }
    }

    /// All services, by namespace and name.
    Stream<Service> all() {
        return state.all(ResourceType.SERVICE).stream().map(this::service).flatMap(Optional::stream);
    }

    /// All workloads of a namespace, by name.
    List<WorkloadConfig> workloads(String namespace) {
        return workloads.getOrDefault(namespace, List.of());
    }

    /// The service's port that a workload's service map names.
    Optional<ServicePort> port(ResourceKey service, int port) {
        return state.resource(service).stream()
                .flatMap(resource -> ports(resource).stream())
                .filter(candidate -> candidate.port() == port)
                .findFirst();
    }

    /// How a workload names a service.
    static String id(ResourceKey service) {
        return service.namespace() + "/" + service.name();
    }

    private Optional<Service> service(Resource resource) {
        var key = resource.key();
        return Projection.project(state, ConfigKey.service(key.namespace(), key.name()))
                .map(config -> new Service(resource, (ServiceConfig) config, members.getOrDefault(id(key), List.of())));
    }

    private void join(Resource entry) {
        var key = ConfigKey.workload(entry.key().namespace(), entry.key().name());
        Projection.project(state, key).map(WorkloadConfig.class::cast).ifPresent(workload -> {
            add(workloads, workload.namespace(), workload);
            workload.services().keySet().forEach(id -> add(members, id, workload));
        });
    }

    private static void add(Map<String, List<WorkloadConfig>> to, String key, WorkloadConfig workload) {
        to.computeIfAbsent(key, _ -> new ArrayList<>()).add(workload);
    }

    private static List<ServicePort> ports(Resource service) {
        return ((ServiceSpec) service.spec()).ports();
    }
}
