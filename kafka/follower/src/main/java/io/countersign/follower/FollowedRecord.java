package io.countersign.follower;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One committed record. The value's bytes are handed over, not copied: the reader must not change them.
///
/// @param value null for a tombstone
/// @param history what the record's header says of the database's history it is of; empty without one
@SuppressWarnings("ArrayRecordComponent") // The bytes go from the consumer to a decoder and are compared by nobody.
public record FollowedRecord(String topic, String key, byte @Nullable [] value, long offset, Optional<String> history) {
    /// A record without headers.
    public FollowedRecord(String topic, String key, byte @Nullable [] value, long offset) {
        this(topic, key, value, offset, Optional.empty());
    }

    @Override
    public String toString() {
        return topic + "@" + offset + " " + key + (value == null ? " (tombstone)" : "");
    }
}
