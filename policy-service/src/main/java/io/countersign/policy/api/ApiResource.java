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
import jakarta.ws.rs.HeaderParam;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The objects of the Kubernetes-style API, all types by one set of paths.
@Path("/")
@RunOnVirtualThread
public class ApiResource {
    private static final String OBJECTS = "{path: apis?/.+}";

    private final ObjectReads reads;
    private final ObjectWrites writes;

    ApiResource(ObjectReads reads, ObjectWrites writes) {
        this.reads = reads;
        this.writes = writes;
    }

    @GET
    @Path(OBJECTS)
    public Response get(
            @PathParam("path") String path,
            @Context UriInfo uri,
            @Context HttpServerResponse connection,
            @HeaderParam(HttpHeaders.ACCEPT) @Nullable String acceptHeader) {
        var target = parse(path);
        var query = ListQuery.parse(uri.getQueryParameters());
        var accept = acceptHeader == null ? "" : acceptHeader;
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
    public Response create(
            @PathParam("path") String path,
            @Context UriInfo uri,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
            byte[] body) {
        var target = parse(path);
        if (target.name().isPresent()) {
            throw RefusedRequest.of(StatusReason.METHOD_NOT_ALLOWED, "an object is created by its collection");
        }
        return answer(201, writes.create(target, readObject(contentType, body), isDryRun(uri)));
    }

    @PUT
    @Path(OBJECTS)
    public Response replace(
            @PathParam("path") String path,
            @Context UriInfo uri,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
            byte[] body) {
        var target = parse(path);
        return answer(200, writes.replace(target, nameOf(target), readObject(contentType, body), isDryRun(uri)));
    }

    @PATCH
    @Path(OBJECTS)
    public Response patch(
            @PathParam("path") String path,
            @Context UriInfo uri,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
            byte[] body) {
        var target = parse(path);
        var type = PatchType.of(contentType == null ? "" : contentType);
        return answer(200, writes.patch(target, nameOf(target), type, read(body), isDryRun(uri)));
    }

    @DELETE
    @Path(OBJECTS)
    public Response delete(@PathParam("path") String path, @Context UriInfo uri, byte @Nullable [] body) {
        var target = parse(path);
        var options = body == null || body.length == 0 ? DeleteOptions.NONE : DeleteOptions.of(read(body));
        var dryRun = isDryRun(uri) || options.dryRun();
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

    private static JsonNode readObject(@Nullable String contentType, byte[] body) {
        var type = contentType == null ? MediaType.APPLICATION_JSON : contentType.split(";", 2)[0].strip();
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

    private static boolean isDryRun(UriInfo uri) {
        return Optional.ofNullable(uri.getQueryParameters().getFirst("dryRun"))
                .map("All"::equals)
                .orElse(false);
    }

    private static Response answer(int code, ObjectNode body) {
        return Response.status(code)
                .entity(Json.bytes(body))
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                .build();
    }
}
