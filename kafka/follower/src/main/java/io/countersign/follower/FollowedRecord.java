package io.countersign.follower;

import org.jspecify.annotations.Nullable;

/// One committed record. The value's bytes are handed over, not copied: the reader must not change them.
public final class FollowedRecord {
    private final String topic;
    private final String key;
    private final byte @Nullable [] value;
    private final long offset;

    /// @param value null for a tombstone
    public FollowedRecord(String topic, String key, byte @Nullable [] value, long offset) {
        this.topic = topic;
        this.key = key;
        this.value = value;
        this.offset = offset;
    }

    public String topic() {
        return topic;
    }

    public String key() {
        return key;
    }

    /// The value's bytes, or null for a tombstone.
    public byte @Nullable [] value() {
        return value;
    }

    public long offset() {
        return offset;
    }

    @Override
    public String toString() {
        return topic + "@" + offset + " " + key + (value == null ? " (tombstone)" : "");
    }
}
