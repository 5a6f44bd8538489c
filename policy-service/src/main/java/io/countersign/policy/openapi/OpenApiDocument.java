package io.countersign.policy.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.mesh.resource.Schema;
import io.countersign.policy.discovery.ApiGroup;
import io.countersign.policy.object.Json;
import io.countersign.policy.object.ObjectWriter;
import java.util.List;

/// The OpenAPI 3 document of one group and version. kubectl looks here whether the server validates fields itself
/// (the query parameter `fieldValidation` of a PATCH), and `kubectl explain` prints the schemas.
final class OpenApiDocument {
    private static final String GROUP_VERSION_KIND = "x-kubernetes-group-version-kind";
    private static final List<String> WRITE_PARAMETERS = List.of("dryRun", "fieldManager", "fieldValidation");
    private static final List<String> LIST_PARAMETERS = List.of(
            "continue", "fieldSelector", "labelSelector", "limit", "resourceVersion", "timeoutSeconds", "watch");
    private static final List<String> PATCH_TYPES = List.of("application/merge-patch+json");
    private static final List<String> JSON_TYPE = List.of("application/json");

    private OpenApiDocument() {}

    static ObjectNode of(ApiGroup group, String version) {
        var document = Json.object().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Countersign").put("version", version);
        var paths = document.putObject("paths");
        var schemas = document.putObject("components").putObject("schemas");
        for (var type : group.versions().getOrDefault(version, List.of())) {
            addPaths(paths, "/" + group.path(version), type, version);
            schemas.set(schemaName(type, version), schema(type, version));
        }
        return document;
    }

    private static void addPaths(ObjectNode paths, String root, ResourceType type, String version) {
        var collection = root + (type.namespaced() ? "/namespaces/{namespace}/" : "/") + type.plural();
        var all = paths.putObject(collection);
        addPathParameters(all, type, false);
        addOperation(all, "get", "list", type, version, LIST_PARAMETERS, List.of());
        addOperation(all, "post", "post", type, version, WRITE_PARAMETERS, JSON_TYPE);
        addOperation(all, "delete", "deletecollection", type, version, LIST_PARAMETERS, List.of());
        var one = paths.putObject(collection + "/{name}");
        addPathParameters(one, type, true);
        addOperation(one, "get", "get", type, version, List.of(), List.of());
        addOperation(one, "put", "put", type, version, WRITE_PARAMETERS, JSON_TYPE);
        addOperation(one, "patch", "patch", type, version, WRITE_PARAMETERS, PATCH_TYPES);
        addOperation(one, "delete", "delete", type, version, List.of("dryRun", "propagationPolicy"), List.of());
        if (type.namespaced()) {
            var everywhere = paths.putObject(root + "/" + type.plural());
            addOperation(everywhere, "get", "list", type, version, LIST_PARAMETERS, List.of());
        }
    }

    private static void addPathParameters(ObjectNode path, ResourceType type, boolean named) {
        var parameters = path.putArray("parameters");
        if (type.namespaced()) {
            addParameter(parameters, "namespace", "path");
        }
        if (named) {
            addParameter(parameters, "name", "path");
        }
    }

    private static void addOperation(
            ObjectNode path,
            String method,
            String action,
            ResourceType type,
            String version,
            List<String> query,
            List<String> bodyTypes) {
        var operation = path.putObject(method);
        operation.put("operationId", action + version + type.kind());
        var parameters = operation.putArray("parameters");
        query.forEach(name -> addParameter(parameters, name, "query"));
        if (!bodyTypes.isEmpty()) {
            var content =
                    operation.putObject("requestBody").put("required", true).putObject("content");
            bodyTypes.forEach(bodyType -> content.putObject(bodyType).set("schema", reference(type, version)));
        }
        operation
                .putObject("responses")
                .putObject("200")
                .put("description", "OK")
                .putObject("content")
                .putObject("application/json")
                .set("schema", reference(type, version));
        operation.put("x-kubernetes-action", action);
        operation.set(GROUP_VERSION_KIND, groupVersionKind(type, version));
    }

    private static void addParameter(ArrayNode parameters, String name, String in) {
        var parameter = parameters.addObject().put("name", name).put("in", in);
        if (in.equals("path")) {
            parameter.put("required", true);
        }
        parameter.putObject("schema").put("type", "string");
    }

    private static ObjectNode schema(ResourceType type, String version) {
        var schema = Json.object().put("type", "object");
        schema.put("description", type.kind() + " of " + ObjectWriter.apiVersion(type, version));
        var properties = schema.putObject("properties");
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("kind").put("type", "string");
        properties.set("metadata", metadata());
        properties.set("spec", SchemaDocument.of(type.specSchema()));
        properties.set("status", SchemaDocument.of(Schema.ANYTHING));
        schema.putArray(GROUP_VERSION_KIND).add(groupVersionKind(type, version));
        return schema;
    }

    private static ObjectNode metadata() {
        var metadata = Json.object().put("type", "object");
        var properties = metadata.putObject("properties");
        List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
                .forEach(name -> properties.set(name, SchemaDocument.of(Schema.TEXT)));
        properties.putObject("generation").put("type", "integer");
        properties.set("labels", SchemaDocument.of(Schema.LABELS));
        properties.set("annotations", SchemaDocument.of(Schema.LABELS));
        return metadata.put("x-kubernetes-preserve-unknown-fields", true);
    }

    private static ObjectNode reference(ResourceType type, String version) {
        return Json.object().put("$ref", "#/components/schemas/" + schemaName(type, version));
    }

    private static String schemaName(ResourceType type, String version) {
        var group = type.group().isEmpty() ? "core" : type.group().replace('.', '-');
        return "io.countersign." + group + "." + version + "." + type.kind();
    }

    private static ObjectNode groupVersionKind(ResourceType type, String version) {
        return Json.object().put("group", type.group()).put("version", version).put("kind", type.kind());
    }
}
