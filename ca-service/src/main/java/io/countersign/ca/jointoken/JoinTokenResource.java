package io.countersign.ca.jointoken;

import io.countersign.ca.CaSettings;
import io.countersign.ca.attestation.AdminToken;
import io.countersign.ca.authority.Authorities;
import io.countersign.identity.RootsHash;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/// `POST /v1/join-tokens`, for administrators.
@Path("/v1/join-tokens")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
class JoinTokenResource {
    private final AdminToken adminToken;
    private final CaSettings settings;
    private final Authorities authorities;
    private final JoinTokens tokens;

    JoinTokenResource(AdminToken adminToken, CaSettings settings, Authorities authorities, JoinTokens tokens) {
        this.adminToken = adminToken;
        this.settings = settings;
        this.authorities = authorities;
        this.tokens = tokens;
    }

    @POST
    @RunOnVirtualThread
    public Response create(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, String body) {
        adminToken.require(authorization);
        var request = CreateJoinToken.parse(body, settings);
        var roots = RootsHash.of(authorities.bundle().trustedCertificates());
        var created = tokens.create(request.registration(), request.lifetime(), roots);
        return Response.status(Response.Status.CREATED)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(created)
                .build();
    }
}
