package io.countersign.policy.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.policy.object.Json;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.function.Supplier;

/// What kubectl asks before anything else. The documents are made from the catalogue of types alone.
@Path("/")
@NonBlocking
public class DiscoveryResource {
    /// The Kubernetes API whose manners this server has; kubectl's dispatchers choose a client by it.
    private static final String MAJOR = "1";

    private static final String MINOR = "32";

    @GET
    @Path("version")
    public Response version() {
        return answer(
                Json.object()
                        .put("major", MAJOR)
                        .put("minor", MINOR)
                        .put("gitVersion", "v1.32.0+countersign")
                        .put("platform", "countersign"),
                MediaType.APPLICATION_JSON);
    }

    @GET
    @Path("api")
    public Response core(@HeaderParam(HttpHeaders.ACCEPT) String accept) {
        return negotiated(accept, true, DiscoveryDocuments::apiVersions);
    }

    @GET
    @Path("apis")
    public Response groups(@HeaderParam(HttpHeaders.ACCEPT) String accept) {
        return negotiated(accept, false, DiscoveryDocuments::groupList);
    }

    @GET
    @Path("apis/{group}")
    public Response group(@PathParam("group") String name) {
        var group = find(name).filter(found -> !found.isCore()).orElseThrow(NotFoundException::new);
        return answer(DiscoveryDocuments.singleGroup(group), MediaType.APPLICATION_JSON);
    }

    @GET
    @Path("api/{version}")
    public Response coreVersion(@PathParam("version") String version) {
        return resources("", version);
    }

    @GET
    @Path("apis/{group}/{version}")
    public Response groupVersion(@PathParam("group") String group, @PathParam("version") String version) {
        return resources(group, version);
    }

    private static Response resources(String name, String version) {
        var group = find(name)
                .filter(found -> found.versions().containsKey(version))
                .orElseThrow(NotFoundException::new);
        return answer(DiscoveryDocuments.resourceList(group, version), MediaType.APPLICATION_JSON);
    }

    private static Response negotiated(String accept, boolean core, Supplier<JsonNode> plain) {
        for (var version : new String[] {"v2", "v2beta1"}) {
            var type = "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
            if (accept != null && accept.replace(" ", "").contains(type)) {
                return answer(DiscoveryDocuments.aggregated(core, version), type);
            }
        }
        return answer(plain.get(), MediaType.APPLICATION_JSON);
    }

    private static Optional<ApiGroup> find(String name) {
        return ApiGroup.ALL.stream().filter(group -> group.name().equals(name)).findFirst();
    }

    private static Response answer(JsonNode document, String type) {
        return Response.ok(Json.bytes(document))
                .header(HttpHeaders.CONTENT_TYPE, type)
                .build();
    }
}
