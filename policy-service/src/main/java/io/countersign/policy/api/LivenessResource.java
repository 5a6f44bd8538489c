package io.countersign.policy.api;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/// Whether the API answers, for clients that ask at Kubernetes' paths; health in detail is on the management port.
@Path("/")
@NonBlocking
@Produces(MediaType.TEXT_PLAIN)
public class LivenessResource {
    @GET
    @Path("livez")
    public String live() {
        return "ok";
    }

    @GET
    @Path("readyz")
    public String ready() {
        return "ok";
    }
}
