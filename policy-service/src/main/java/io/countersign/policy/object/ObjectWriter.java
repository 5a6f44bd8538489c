package io.countersign.policy.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.mesh.resource.ResourceType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/// Objects as the API answers them. The same object is served in every version of its group.
public final class ObjectWriter {
    private ObjectWriter() {}

    /// `v1` or `group/version`.
    public static String apiVersion(ResourceType type, String version) {
        return type.group().isEmpty() ? version : type.group() + "/" + version;
    }

    public static ObjectNode write(StoredObject object, String version) {
        var type = object.key().type();
        var node = Json.object().put("apiVersion", apiVersion(type, version)).put("kind", type.kind());
        node.set("metadata", metadata(object));
        if (object.spec() != null) {
            node.set("spec", object.spec());
        }
        node.set("status", status(object));
        return node;
    }

    /// The `metadata` alone, which rows of tables carry.
    public static ObjectNode metadata(StoredObject object) {
        var metadata = Json.object().put("name", object.key().name());
        if (object.key().type().namespaced()) {
            metadata.put("namespace", object.key().namespace());
        }
        metadata.put("uid", object.uid().toString())
                .put("resourceVersion", Long.toString(object.sequence()))
                .put("generation", object.generation())
                .put("creationTimestamp", time(object.created()));
        putTexts(metadata, "labels", object.labels());
        putTexts(metadata, "annotations", object.labelling().annotations());
        return metadata;
    }

    /// RFC 3339 in whole seconds, as Kubernetes writes times.
    public static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static void putTexts(ObjectNode metadata, String name, Map<String, String> texts) {
        if (!texts.isEmpty()) {
            var node = metadata.putObject(name);
            texts.forEach(node::put);
        }
    }

    private static ObjectNode status(StoredObject object) {
        var status = Json.object();
        if (object.key().type() == ResourceType.NAMESPACE) {
            status.put("phase", object.deleted() ? "Terminating" : "Active");
        }
        if (!object.conditions().isEmpty()) {
            var conditions = status.putArray("conditions");
            object.conditions().forEach(condition -> add(conditions, condition));
        }
        return status;
    }

    private static void add(ArrayNode conditions, Condition condition) {
        conditions
                .addObject()
                .put("type", condition.type())
                .put("status", condition.status())
                .put("reason", condition.reason())
                .put("message", condition.message())
                .put("observedGeneration", condition.observedGeneration())
                .put("lastTransitionTime", time(condition.lastTransitionTime()));
    }
}
