package io.countersign.policy.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.policy.failure.RefusedRequest;
import io.countersign.policy.failure.StatusObject;
import io.countersign.policy.failure.StatusReason;
import io.countersign.policy.object.Json;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The objects of the Kubernetes-style API, all types by one set of paths.
@Path("/")
@RunOnVirtualThread
public class ApiResource {
    private static final String OBJECTS = "{path: apis?/.+}";

    private final ObjectReads reads;
    private final ObjectWrites writes;
    /// Of the request at hand, as the headers are.
    private final UriInfo uri;
    private final HttpHeaders headers;

    ApiResource(ObjectReads reads, ObjectWrites writes, UriInfo uri, HttpHeaders headers) {
        this.reads = reads;
        this.writes = writes;
        this.uri = uri;
        this.headers = headers;
    }

    @GET
    @Path(OBJECTS)
    public Response get(@PathParam("path") String path, @Context HttpServerResponse connection) {
        var target = parse(path);
        var query = ListQuery.parse(uri.getQueryParameters());
        var accept = header(HttpHeaders.ACCEPT, "");
        if (query.watch()) {
            return Response.ok(reads.watch(target, query, accept, connection::closed))
                    .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                    .build();
        }
        return answer(
                200,
                target.name()
                        .map(name -> reads.get(target, name, accept))
                        .orElseGet(() -> reads.list(target, query, accept)));
    }

    @POST
    @Path(OBJECTS)
    public Response create(@PathParam("path") String path, byte[] body) {
        var target = parse(path);
        if (target.name().isPresent()) {
            throw RefusedRequest.of(StatusReason.METHOD_NOT_ALLOWED, "an object is created by its collection");
        }
        return answer(201, writes.create(target, readObject(body), isDryRun()));
    }

    @PUT
    @Path(OBJECTS)
    public Response replace(@PathParam("path") String path, byte[] body) {
        var target = parse(path);
        return answer(200, writes.replace(target, nameOf(target), readObject(body), isDryRun()));
    }

    @PATCH
    @Path(OBJECTS)
    public Response patch(@PathParam("path") String path, byte[] body) {
        var target = parse(path);
        var type = PatchType.of(header(HttpHeaders.CONTENT_TYPE, ""));
        return answer(200, writes.patch(target, nameOf(target), type, read(body), isDryRun()));
    }

    @DELETE
    @Path(OBJECTS)
    public Response delete(@PathParam("path") String path, byte @Nullable [] body) {
        var target = parse(path);
        var options = body == null || body.length == 0 ? DeleteOptions.NONE : DeleteOptions.of(read(body));
        var dryRun = isDryRun() || options.dryRun();
        if (target.name().isPresent()) {
            return answer(200, writes.delete(target, target.name().get(), options, dryRun));
        }
        var selection = reads.selection(target, ListQuery.parse(uri.getQueryParameters()));
        writes.deleteAll(target, selection, dryRun);
        return answer(200, StatusObject.success(target.type(), "", ""));
    }

    private static ApiPath parse(String path) {
        return ApiPath.parse(path).orElseThrow(NotFoundException::new);
    }

    private static String nameOf(ApiPath target) {
        return target.name()
                .orElseThrow(() -> RefusedRequest.of(
                        StatusReason.METHOD_NOT_ALLOWED, "the server does not allow this method on a collection"));
    }

    private JsonNode readObject(byte[] body) {
        var type = header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                .split(";", 2)[0]
                .strip();
        return switch (type.toLowerCase(Locale.ROOT)) {
            case MediaType.APPLICATION_JSON -> read(body);
            case ProtobufNamespace.MEDIA_TYPE -> ProtobufNamespace.read(body);
            default ->
                throw RefusedRequest.of(
                        StatusReason.UNSUPPORTED_MEDIA_TYPE,
                        "content type: " + type + " (expected: " + MediaType.APPLICATION_JSON + ")");
        };
    }

    private static JsonNode read(byte[] body) {
        try {
            return Json.read(body);
        } catch (IOException e) {
            throw RefusedRequest.of(StatusReason.BAD_REQUEST, "body: not JSON (expected: a JSON object)");
        }
    }

    private String header(String name, String absent) {
        return Objects.requireNonNullElse(headers.getHeaderString(name), absent);
    }

    private boolean isDryRun() {
        return "All".equals(uri.getQueryParameters().getFirst("dryRun"));
    }

    private static Response answer(int code, ObjectNode body) {
        return Response.status(code)
                .entity(Json.bytes(body))
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                .build();
    }
}
