package io.countersign.outbox;

/// What the database says of its own past. For any thread; both throw [OutboxUnavailable] when it is away.
interface Past {
    Lineage lineage();

    /// Whether a record with this token waits to be published, or to be forgotten after it was.
    boolean holds(String topic, String token);
}
