package io.countersign.outbox;

import io.countersign.events.RecordOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What a bus holds of one topic.
final class InMemoryTopic implements PublishedTopics {
    private final List<PublishedRecord> records = new ArrayList<>();

    synchronized void add(OutboxRecord row, UUID history) {
        var origin = new RecordOrigin(history.toString(), row.id(), row.token().toString());
        records.add(new PublishedRecord(row.key(), row.value(), Optional.of(origin)));
    }

    /// As an older version wrote it.
    synchronized void addWithoutOrigin(String key) {
        records.add(new PublishedRecord(key, new byte[0], Optional.empty()));
    }

    @Override
    public synchronized Optional<PublishedRecord> last(String topic) {
        return records.isEmpty() ? Optional.empty() : Optional.of(records.getLast());
    }

    @Override
    public synchronized List<PublishedRecord> all(String topic) {
        return List.copyOf(records);
    }

    @Override
    public void close() {}
}
