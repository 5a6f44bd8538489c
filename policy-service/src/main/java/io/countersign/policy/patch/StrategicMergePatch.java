package io.countersign.policy.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Kubernetes' strategic merge patch, as kubectl sends it for the core kinds: lists of objects are merged by a key,
/// and directives (`$patch`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`, `$retainKeys`) say what a plain merge
/// cannot.
public final class StrategicMergePatch {
    private static final String PATCH = "$patch";
    private static final String ORDER = "$setElementOrder/";
    private static final String DELETE_FROM_PRIMITIVES = "$deleteFromPrimitiveList/";
    private static final String RETAIN_KEYS = "$retainKeys";

    /// The lists of the core kinds here that are merged, and the key of their elements; an empty key is a list of
    /// plain values. Every other list is replaced.
    private static final Map<String, String> MERGED_LISTS = Map.of(
            "spec.ports", "port",
            "status.conditions", "type",
            "metadata.ownerReferences", "uid",
            "metadata.finalizers", "");

    private StrategicMergePatch() {}

    /// The patched tree; neither argument is changed. [IllegalArgumentException] for a patch that contradicts itself.
    public static JsonNode apply(JsonNode target, JsonNode patch) {
        return patch instanceof ObjectNode object ? merge(target, object, "") : patch.deepCopy();
    }

    private static ObjectNode merge(JsonNode target, ObjectNode patch, String path) {
        var directive = patch.path(PATCH).asText("merge");
        var result = target instanceof ObjectNode object && !directive.equals("replace")
                ? object.deepCopy()
                : JsonNodeFactory.instance.objectNode();
        switch (directive) {
            case "delete" -> {
                return JsonNodeFactory.instance.objectNode();
            }
            case "merge", "replace" -> {}
            default ->
                throw new IllegalArgumentException(
                        "patch " + path + ": " + directive + " (expected: merge, replace or delete)");
        }
        if (patch.has(RETAIN_KEYS)) {
            result.retain(
                    patch.path(RETAIN_KEYS).valueStream().map(JsonNode::asText).toList());
        }
        for (var entry : patch.properties()) {
            if (!entry.getKey().startsWith("$")) {
                mergeField(result, entry.getKey(), entry.getValue(), child(path, entry.getKey()));
            }
        }
        mergeListDirectives(result, patch, path);
        return result;
    }

    private static void mergeField(ObjectNode result, String field, JsonNode patch, String path) {
        switch (patch) {
            case JsonNode value when value.isNull() -> result.remove(field);
            case ObjectNode object -> result.set(field, merge(result.path(field), object, path));
            case ArrayNode array
            when MERGED_LISTS.containsKey(path) -> result.set(field, mergeList(result.path(field), array, path));
            default -> result.set(field, patch.deepCopy());
        }
    }

    private static ArrayNode mergeList(JsonNode target, ArrayNode patch, String path) {
        // A lone {"$patch": "replace"} empties the list before the other elements come in.
        if (patch.valueStream().anyMatch(element -> isMarked(element, "replace"))) {
            return arrayOf(patch.valueStream().filter(element -> !element.has(PATCH)));
        }
        var elements = byIdentity(target, path);
        for (var element : patch) {
            var identity = identity(element, path);
            if (isMarked(element, "delete")) {
                elements.remove(identity);
            } else if (element instanceof ObjectNode object) {
                elements.put(identity, merge(elements.getOrDefault(identity, object), object, path + "[]"));
            } else {
                elements.put(identity, element);
            }
        }
        return arrayOf(elements.values().stream());
    }

    private static void mergeListDirectives(ObjectNode result, ObjectNode patch, String path) {
        for (var entry : patch.properties()) {
            var name = entry.getKey();
            if (name.startsWith(DELETE_FROM_PRIMITIVES)) {
                var field = name.substring(DELETE_FROM_PRIMITIVES.length());
                var gone = entry.getValue().valueStream().collect(Collectors.toSet());
                result.set(field, arrayOf(result.path(field).valueStream().filter(each -> !gone.contains(each))));
            } else if (name.startsWith(ORDER)) {
                var field = name.substring(ORDER.length());
                if (result.path(field) instanceof ArrayNode list) {
                    result.set(field, ordered(list, entry.getValue(), child(path, field)));
                }
            }
        }
    }

    /// The listed elements in the order of the directive; what it does not list keeps its place at the end.
    private static ArrayNode ordered(ArrayNode list, JsonNode order, String path) {
        var elements = byIdentity(list, path);
        var sorted = new ArrayList<JsonNode>();
        for (var place : order) {
            var element = elements.remove(identity(place, path));
            if (element != null) {
                sorted.add(element);
            }
        }
        return arrayOf(Stream.concat(sorted.stream(), elements.values().stream()));
    }

    private static Map<String, JsonNode> byIdentity(JsonNode list, String path) {
        var elements = new LinkedHashMap<String, JsonNode>();
        list.forEach(element -> elements.put(identity(element, path), element));
        return elements;
    }

    private static boolean isMarked(JsonNode element, String directive) {
        return element.path(PATCH).asText().equals(directive);
    }

    private static String identity(JsonNode element, String path) {
        var key = MERGED_LISTS.getOrDefault(path, "");
        if (key.isEmpty()) {
            return element.toString();
        }
        var value = element.path(key);
        if (value.isMissingNode()) {
            throw new IllegalArgumentException("patch " + path + ": element without " + key);
        }
        return value.toString();
    }

    private static ArrayNode arrayOf(Stream<JsonNode> elements) {
        return JsonNodeFactory.instance.arrayNode().addAll(elements.toList());
    }

    private static String child(String path, String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
