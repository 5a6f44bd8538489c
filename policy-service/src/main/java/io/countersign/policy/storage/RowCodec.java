package io.countersign.policy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.object.Condition;
import io.countersign.policy.object.Json;
import io.countersign.policy.object.StoredObject;
import io.countersign.policy.object.StoredObject.Labelling;
import io.countersign.policy.object.StoredObject.Version;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Between rows and objects.
final class RowCodec {
    private RowCodec() {}

    static ResourceRow row(StoredObject object) {
        var row = new ResourceRow();
        row.uid = object.uid();
        row.type = type(object.key().type());
        row.namespace = object.key().namespace();
        row.name = object.key().name();
        row.generation = object.generation();
        row.sequence = object.sequence();
        row.createdSequence = object.version().createdSequence();
        row.created = object.created();
        row.labels = texts(object.labels());
        row.annotations = texts(object.labelling().annotations());
        row.spec = spec(object);
        row.conditions = conditions(object.conditions());
        row.deleted = object.deleted();
        return row;
    }

    static StoredObject object(ResourceRow row) {
        return new StoredObject(
                ResourceKey.of(type(row.type), row.namespace, row.name),
                row.uid,
                new Version(row.generation, row.sequence, row.createdSequence),
                row.created,
                new Labelling(texts(row.labels), texts(row.annotations)),
                row.spec == null ? null : Json.readStored(row.spec),
                conditions(row.conditions),
                row.deleted);
    }

    static String type(ResourceType type) {
        return type.group() + "/" + type.kind();
    }

    private static ResourceType type(String stored) {
        var slash = stored.indexOf('/');
        return ResourceType.of(stored.substring(0, slash), stored.substring(slash + 1))
                .orElseThrow(() -> new IllegalStateException("stored type: " + stored + " (expected: a known kind)"));
    }

    static String texts(Map<String, String> texts) {
        return Json.text(Json.object(texts));
    }

    static @Nullable String spec(StoredObject object) {
        return object.spec() == null ? null : Json.text(object.spec());
    }

    private static SortedMap<String, String> texts(String stored) {
        var texts = new TreeMap<String, String>();
        Json.readStored(stored)
                .properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().textValue()));
        return texts;
    }

    static String conditions(List<Condition> conditions) {
        var array = Json.array();
        for (var condition : conditions) {
            array.addObject()
                    .put("type", condition.type())
                    .put("status", condition.status())
                    .put("reason", condition.reason())
                    .put("message", condition.message())
                    .put("observedGeneration", condition.observedGeneration())
                    .put("lastTransitionTime", condition.lastTransitionTime().toString());
        }
        return Json.text(array);
    }

    private static List<Condition> conditions(String stored) {
        return StreamSupport.stream(Json.readStored(stored).spliterator(), false)
                .map(RowCodec::condition)
                .toList();
    }

    private static Condition condition(JsonNode stored) {
        return new Condition(
                stored.get("type").textValue(),
                stored.get("status").textValue(),
                stored.get("reason").textValue(),
                stored.get("message").textValue(),
                stored.get("observedGeneration").longValue(),
                Instant.parse(stored.get("lastTransitionTime").textValue()));
    }
}
