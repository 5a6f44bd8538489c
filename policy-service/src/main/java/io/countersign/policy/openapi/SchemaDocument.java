package io.countersign.policy.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.mesh.resource.Schema;
import io.countersign.policy.object.Json;

/// A [Schema] as OpenAPI has it.
final class SchemaDocument {
    private SchemaDocument() {}

    static ObjectNode of(Schema schema) {
        return switch (schema) {
            case Schema.Text _ -> type("string");
            case Schema.Choice choice -> {
                var node = type("string");
                var values = node.putArray("enum");
                choice.values().forEach(values::add);
                yield node;
            }
            case Schema.Whole whole ->
                type("integer").put("minimum", whole.min()).put("maximum", whole.max());
            case Schema.Flag _ -> type("boolean");
            case Schema.IntOrText _ -> Json.object().put("x-kubernetes-int-or-string", true);
            case Schema.ListOf list -> {
                var node = type("array");
                node.set("items", of(list.element()));
                yield node;
            }
            case Schema.MapOf map -> {
                var node = type("object");
                node.set("additionalProperties", of(map.value()));
                yield node;
            }
            case Schema.Fields fields -> object(fields);
            case Schema.Anything _ -> Json.object().put("x-kubernetes-preserve-unknown-fields", true);
        };
    }

    private static ObjectNode object(Schema.Fields fields) {
        var node = type("object");
        var properties = node.putObject("properties");
        fields.fields().forEach((name, schema) -> properties.set(name, of(schema)));
        if (!fields.required().isEmpty()) {
            var required = node.putArray("required");
            fields.required().forEach(required::add);
        }
        return node;
    }

    private static ObjectNode type(String name) {
        return Json.object().put("type", name);
    }
}
