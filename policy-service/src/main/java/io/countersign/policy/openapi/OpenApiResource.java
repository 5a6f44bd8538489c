package io.countersign.policy.openapi;

import io.countersign.policy.discovery.ApiGroup;
import io.countersign.policy.object.Json;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/// The index of the OpenAPI documents and the documents, rendered once.
@Path("/openapi/v3")
@Singleton
@NonBlocking
public class OpenApiResource {
    private final Map<String, byte[]> documents = documents();
    private final byte[] index = index(documents);

    @GET
    public Response index() {
        return answer(index);
    }

    @GET
    @Path("{path:.+}")
    public Response document(@PathParam("path") String path) {
        var document = documents.get(path);
        if (document == null) {
            throw new NotFoundException();
        }
        return answer(document);
    }

    private static Response answer(byte[] document) {
        return Response.ok(document)
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                .build();
    }

    private static Map<String, byte[]> documents() {
        var documents = new LinkedHashMap<String, byte[]>();
        for (var group : ApiGroup.ALL) {
            group.versions()
                    .keySet()
                    .forEach(version ->
                            documents.put(group.path(version), Json.bytes(OpenApiDocument.of(group, version))));
        }
        return documents;
    }

    /// The hash lets kubectl keep a document until it changes.
    private static byte[] index(Map<String, byte[]> documents) {
        var index = Json.object();
        var paths = index.putObject("paths");
        documents.forEach((path, document) -> {
            var hash = new CRC32();
            hash.update(document);
            paths.putObject(path)
                    .put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + Long.toHexString(hash.getValue()));
        });
        return Json.bytes(index);
    }
}
