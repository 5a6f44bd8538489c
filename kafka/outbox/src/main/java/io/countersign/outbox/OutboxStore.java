package io.countersign.outbox;

import java.util.List;

/// What the relay reads and clears.
interface OutboxStore {
    /// The unpublished records with the lowest ids, in the order of their ids.
    List<OutboxRecord> oldest(int limit);

    /// Forgets what was published.
    void delete(List<OutboxRecord> published);
}
