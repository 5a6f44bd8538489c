package io.countersign.distributor.api;

import io.countersign.controlplane.RequestRefused;
import io.countersign.distributor.api.TlsCheckAnswer.Row;
import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.analysis.TlsCheck;
import io.countersign.mesh.analysis.TlsCheck.Result.Checked;
import io.countersign.mesh.analysis.TlsCheck.Result.Refused;
import io.countersign.mesh.config.ConfigKey;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestQuery;

/// Whether what a workload sends is what services take: as it was written, and as nodes have it in force.
@Path("/v1/tls-checks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class TlsCheckResource {
    private final PresentMesh mesh;
    private final NodeClient nodes;

    TlsCheckResource(PresentMesh mesh, NodeClient nodes) {
        this.mesh = mesh;
        this.nodes = nodes;
    }

    @GET
    public TlsCheckAnswer check(
            @RestQuery Optional<String> workload, @RestQuery Optional<String> service, @RestQuery boolean actual) {
        var client = workload.filter(name -> !name.isBlank())
                .map(TlsCheckResource::parse)
                .orElseThrow(() -> new RequestRefused(ErrorCode.INVALID_REQUEST, "tls-check requires pod name"));
        var state = mesh.read().state();
        return switch (TlsCheck.of(state, client, service)) {
            case Checked(var rows) -> {
                var modes = actual ? Optional.of(new ActualModes(state, nodes, client)) : Optional.<ActualModes>empty();
                List<Row> told = rows.stream()
                        .map(row -> Row.of(row, modes.flatMap(each -> each.of(row))))
                        .toList();
                yield new TlsCheckAnswer(client.namespace() + "/" + client.name(), told);
            }
            case Refused(var reason, var message) ->
                throw new RequestRefused(
                        switch (reason) {
                            case NO_MESH -> ErrorCode.MESH_UNREAD;
                            case UNKNOWN_CLIENT, UNKNOWN_SERVICE -> ErrorCode.NOT_FOUND;
                        },
                        message);
        };
    }

    private static ConfigKey parse(String workload) {
        try {
            return ConfigKey.parse("workload/" + workload).orElseThrow();
        } catch (InvalidInput e) {
            throw new RequestRefused(
                    ErrorCode.INVALID_REQUEST, "workload: " + workload + " (expected: namespace/name)");
        }
    }
}
