package io.countersign.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.events.RecordOrigin;
import io.countersign.outbox.PublishedTopics.PublishedRecord;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What records say, as far as an adoption must know. Pure.
final class AdoptedContent {
    private static final ObjectMapper JSON = new ObjectMapper();
    /// A record's own number, which says nothing of the thing itself.
    private static final String SEQUENCE = "sequence";

    private AdoptedContent() {}

    /// The values that a topic holds, by their keys.
    static Map<String, byte[]> live(List<PublishedRecord> records) {
        var live = new LinkedHashMap<String, byte[]>();
        for (var each : records) {
            var value = each.value();
            if (value == null) {
                live.remove(each.key());
            } else {
                live.put(each.key(), value);
            }
        }
        return live;
    }

    /// The highest number that a record carries, in its headers or, as those from before there were any, in its value.
    static long number(PublishedRecord published) {
        return Math.max(
                published.origin().map(RecordOrigin::sequence).orElse(0L),
                tree(published.value()).path(SEQUENCE).asLong());
    }

    /// Whether two values say the same of a thing, whatever their numbers and the order of their fields.
    static boolean isSame(byte @Nullable [] one, byte @Nullable [] other) {
        return withoutNumber(one).equals(withoutNumber(other));
    }

    private static JsonNode withoutNumber(byte @Nullable [] value) {
        var tree = tree(value);
        return tree instanceof ObjectNode object ? object.without(SEQUENCE) : tree;
    }

    private static JsonNode tree(byte @Nullable [] value) {
        try {
            return value == null ? MissingNode.getInstance() : JSON.readTree(value);
        } catch (IOException e) {
            // Not ours to judge here: it is replaced or withdrawn like any other.
            return MissingNode.getInstance();
        }
    }
}
