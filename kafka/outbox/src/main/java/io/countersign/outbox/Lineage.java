package io.countersign.outbox;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What a database says of its own past.
///
/// @param history its history's id
/// @param published what it published last, by topic; nothing for a topic that it never wrote
record Lineage(UUID history, Map<String, Published> published) {
    Lineage {
        published = Map.copyOf(published);
    }

    /// The last of a topic's records.
    record Published(long id, UUID token) {}

    /// After some more records, in the order of their ids.
    Lineage after(List<OutboxRecord> records) {
        var next = new HashMap<>(published);
        records.forEach(each -> next.put(each.topic(), new Published(each.id(), each.token())));
        return new Lineage(history, next);
    }
}
