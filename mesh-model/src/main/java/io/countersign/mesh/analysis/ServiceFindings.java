package io.countersign.mesh.analysis;

import io.countersign.mesh.analysis.Services.Service;
import io.countersign.mesh.projection.MeshState;
import java.util.stream.Stream;

/// Services that share a workload's port and are written to take different things there.
record ServiceFindings(MeshState state, Services services) {
    Stream<Finding> all() {
        return services.all().flatMap(this::disagreeing);
    }

    private Stream<Finding> disagreeing(Service service) {
        return service.ports().stream()
                .flatMap(port -> ServerSide.overruled(state, services, service, port).stream())
                .map(message -> new Finding(
                        FindingCode.SERVICES_DISAGREE, service.resource().key(), message));
    }
}
