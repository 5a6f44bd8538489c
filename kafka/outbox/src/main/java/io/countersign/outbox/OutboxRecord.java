package io.countersign.outbox;

import org.jspecify.annotations.Nullable;

/// One row: a record that is to be published.
///
/// @param id its commit sequence
/// @param value null for a tombstone
@SuppressWarnings("ArrayRecordComponent") // The bytes go from the database to the producer and are compared by nobody.
record OutboxRecord(long id, String topic, String key, byte @Nullable [] value) {}
