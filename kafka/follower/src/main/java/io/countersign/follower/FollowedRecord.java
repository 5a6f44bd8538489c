package io.countersign.follower;

import org.jspecify.annotations.Nullable;

/// One committed record. The value's bytes are handed over, not copied: the reader must not change them.
///
/// @param value null for a tombstone
@SuppressWarnings("ArrayRecordComponent") // The bytes go from the consumer to a decoder and are compared by nobody.
public record FollowedRecord(String topic, String key, byte @Nullable [] value, long offset) {
    @Override
    public String toString() {
        return topic + "@" + offset + " " + key + (value == null ? " (tombstone)" : "");
    }
}
