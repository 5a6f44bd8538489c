package io.countersign.outbox;

import io.countersign.events.RecordOrigin;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the bus has of the topics that this service writes. Both wait for the bus, a few seconds at most, and throw an
/// unchecked exception when it is away.
interface PublishedTopics extends AutoCloseable {
    /// A topic's last committed record; empty when it has none.
    Optional<PublishedRecord> last(String topic);

    /// All committed records of a topic, in their order.
    List<PublishedRecord> all(String topic);

    @Override
    void close();

    /// One record.
    ///
    /// @param value null for a tombstone
    /// @param origin empty for a record from before there were histories
    @SuppressWarnings("ArrayRecordComponent") // The bytes are only read.
    record PublishedRecord(String key, byte @Nullable [] value, Optional<RecordOrigin> origin) {}
}
