package io.countersign.policy.api;

import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/// Whether the API answers, for clients that ask at Kubernetes' paths; health in detail is on the management port.
@Path("/")
public class LivenessResource {
    private final SmallRyeHealthReporter health;

    LivenessResource(SmallRyeHealthReporter health) {
        this.health = health;
    }

    @GET
    @Path("livez")
    @NonBlocking
    public Response live() {
        return answer(200, "ok");
    }

    @GET
    @Path("readyz")
    @RunOnVirtualThread
    public Response ready() {
        return health.getReadiness().isDown() ? answer(503, "not ready") : answer(200, "ok");
    }

    private static Response answer(int code, String text) {
        return Response.status(code).entity(text).type(MediaType.TEXT_PLAIN).build();
    }
}
