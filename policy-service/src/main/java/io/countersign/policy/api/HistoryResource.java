package io.countersign.policy.api;

import io.countersign.outbox.Adoption;
import io.countersign.outbox.AdoptionReport;
import io.countersign.policy.object.Json;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/// Whether the topics are of this database's history, and the decision for it: `GET /v1/history`,
/// `POST /v1/history/adoption`.
@Path("/v1/history")
@RunOnVirtualThread
public class HistoryResource {
    private final Adoption adoption;

    HistoryResource(Adoption adoption) {
        this.adoption = adoption;
    }

    /// What an adoption would change.
    @GET
    public Response preview() {
        return answer(adoption.preview());
    }

    @POST
    @Path("adoption")
    public Response adopt(@Context ContainerRequestContext request) {
        return answer(adoption.adopt(AuthenticationFilter.user(request)));
    }

    private static Response answer(AdoptionReport report) {
        return Response.ok(Json.text(report))
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                .build();
    }
}
