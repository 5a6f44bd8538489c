package io.countersign.distributor.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.controlplane.RequestRefused;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;

/// The nodes: what they report, and what they say themselves.
@Path("/v1/nodes")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class NodesResource {
    private final PresentMesh mesh;
    private final NodeClient nodes;
    private final InstantSource clock;

    NodesResource(PresentMesh mesh, NodeClient nodes, InstantSource clock) {
        this.mesh = mesh;
        this.nodes = nodes;
        this.clock = clock;
    }

    @GET
    public NodesAnswer all() {
        return NodesAnswer.of(mesh.read(), clock.instant());
    }

    @GET
    @Path("{node}/{page: listeners|clusters|secrets}")
    public JsonNode page(String node, String page) {
        return mesh.read().state().reports().values().stream()
                .filter(report -> report.node().value().equals(node))
                .findFirst()
                .map(report -> nodes.ask(report, page))
                .orElseThrow(() ->
                        new RequestRefused(ErrorCode.NOT_FOUND, "node: " + node + " (expected: one of /v1/nodes)"));
    }
}
