package io.countersign.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// A record's JSON, read field by field: a missing or mistyped field makes the record unreadable, an unknown one is
/// ignored. Objects are written with their fields in a fixed order, so that equal records have equal bytes.
final class JsonRecord {
    static final ObjectMapper JSON = JsonMapper.builder(
                    // Names of workloads are fields here and there; they are no constants to be kept for ever.
                    JsonFactory.builder()
                            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                            .build())
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            // Two readers must never see two records in one value: nothing follows the object, no field stands twice.
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private final JsonNode node;
    private final String path;

    private JsonRecord(JsonNode node, String path) {
        this.node = node;
        this.path = path;
    }

    /// Parses a value and checks its type and that its version is not from after this reader's time.
    static JsonRecord parse(byte[] value, String type, int version) {
        var record = new JsonRecord(tree(value, type), type);
        var found = record.text("type");
        if (!found.equals(type)) {
            throw new UnreadableRecord("record type: " + found + " (expected: " + type + ")");
        }
        if (record.whole("v") != version) {
            throw new UnreadableRecord(type + " version: " + record.whole("v") + " (expected: " + version + ")");
        }
        return record;
    }

    /// Parses a document that is not a record by itself, and so has neither type nor version.
    static JsonRecord parse(byte[] value) {
        return new JsonRecord(tree(value, "document"), "document");
    }

    private static JsonNode tree(byte[] value, String what) {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new UnreadableRecord(what + ": not JSON", e);
        }
    }

    static ObjectNode create(String type, int version) {
        return JSON.createObjectNode().put("type", type).put("v", version);
    }

    static byte[] bytes(ObjectNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values is always written", e);
        }
    }

    static ObjectNode texts(SortedMap<String, String> texts) {
        var node = JSON.createObjectNode();
        texts.forEach(node::put);
        return node;
    }

    static void texts(ObjectNode node, String field, Collection<String> texts) {
        var array = node.putArray(field);
        texts.forEach(array::add);
    }

    boolean flag(String field) {
        var value = node.path(field);
        if (!value.isBoolean()) {
            throw unreadable(field, "true or false");
        }
        return value.booleanValue();
    }

    /// A field that was added after the first version, or is left out where there is nothing to say.
    boolean has(String field) {
        return !node.path(field).isMissingNode();
    }

    SortedMap<String, String> optionalTexts(String field) {
        return has(field) ? textMap(field) : Collections.emptySortedMap();
    }

    Optional<String> optionalText(String field) {
        return has(field) ? Optional.of(text(field)) : Optional.empty();
    }

    <T> Optional<T> optionalObject(String field, Function<JsonRecord, T> read) {
        return has(field) ? Optional.of(read.apply(object(field))) : Optional.empty();
    }

    String text(String field) {
        var value = node.path(field);
        if (!value.isTextual()) {
            throw unreadable(field, "a string");
        }
        return value.textValue();
    }

    long whole(String field) {
        var value = node.path(field);
        if (!value.canConvertToLong() || !value.isIntegralNumber()) {
            throw unreadable(field, "a whole number");
        }
        return value.longValue();
    }

    int count(String field) {
        var value = whole(field);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw unreadable(field, "a count");
        }
        return (int) value;
    }

    <E extends Enum<E>> E choice(String field, Class<E> type) {
        var text = text(field);
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(text))
                .findFirst()
                .orElseThrow(() -> unreadable(
                        field,
                        "one of " + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT)));
    }

    /// A field that may not be there.
    JsonNode raw(String field) {
        return node.path(field);
    }

    JsonRecord object(String field) {
        var value = node.path(field);
        if (!value.isObject()) {
            throw unreadable(field, "an object");
        }
        return new JsonRecord(value, path + "." + field);
    }

    <T> List<T> list(String field, Function<JsonRecord, T> element) {
        var value = node.path(field);
        if (!value.isArray()) {
            throw unreadable(field, "a list");
        }
        var list = new ArrayList<T>();
        value.forEach(entry -> list.add(element.apply(new JsonRecord(entry, path + "." + field))));
        return Collections.unmodifiableList(list);
    }

    /// This value itself as a string: an element of a list of strings.
    String asText() {
        if (!node.isTextual()) {
            throw new UnreadableRecord(path + ": not a string");
        }
        return node.textValue();
    }

    /// This value itself as a whole number.
    int asCount() {
        if (!node.canConvertToInt() || !node.isIntegralNumber()) {
            throw new UnreadableRecord(path + ": not a whole number");
        }
        return node.intValue();
    }

    SortedMap<String, String> textMap(String field) {
        return map(field, Function.identity(), JsonRecord::asText);
    }

    <K extends Comparable<K>, V> SortedMap<K, V> map(
            String field, Function<String, K> key, Function<JsonRecord, V> value) {
        return object(field).asMap(key, value);
    }

    /// This value itself as a map.
    <K extends Comparable<K>, V> SortedMap<K, V> asMap(Function<String, K> key, Function<JsonRecord, V> value) {
        if (!node.isObject()) {
            throw new UnreadableRecord(path + ": not an object");
        }
        var map = new TreeMap<K, V>();
        node.properties()
                .forEach(entry -> map.put(
                        key.apply(entry.getKey()),
                        value.apply(new JsonRecord(entry.getValue(), path + "." + entry.getKey()))));
        return Collections.unmodifiableSortedMap(map);
    }

    JsonNode node() {
        return node;
    }

    UnreadableRecord unreadable(String field, String expected) {
        return new UnreadableRecord(path + "." + field + ": missing or wrong (expected: " + expected + ")");
    }
}
