package io.countersign.ca.history;

import io.countersign.ca.attestation.AdminToken;
import io.countersign.outbox.Adoption;
import io.countersign.outbox.AdoptionReport;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/// Whether the topics are of this database's history, and the decision for it, for administrators: `GET /v1/history`,
/// `POST /v1/history/adoption`.
@Path("/v1/history")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class HistoryResource {
    private static final String ADMINISTRATOR = "admin";

    private final AdminToken adminToken;
    private final Adoption adoption;

    HistoryResource(AdminToken adminToken, Adoption adoption) {
        this.adminToken = adminToken;
        this.adoption = adoption;
    }

    /// What an adoption would change.
    @GET
    public AdoptionReport preview(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        adminToken.require(authorization);
        return adoption.preview();
    }

    @POST
    @Path("adoption")
    public AdoptionReport adopt(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        adminToken.require(authorization);
        return adoption.adopt(ADMINISTRATOR);
    }
}
