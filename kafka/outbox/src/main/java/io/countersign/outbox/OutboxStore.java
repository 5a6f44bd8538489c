package io.countersign.outbox;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/// What the relay reads and clears. One relay of a role at a time has its turn.
interface OutboxStore extends AutoCloseable {
    /// Whether it is this relay's turn. Once it is, it stays so until [#close()], or until a method fails.
    boolean hasTurn();

    /// The unpublished records with the lowest ids, in the order of their ids; an adoption's all together.
    ///
    /// @param history empty unless the database's history is still this one
    /// @param limit how many, but for an adoption's
    List<OutboxRecord> oldest(UUID history, int limit);

    /// The keys of a topic's records that are not published yet.
    Set<String> unpublishedKeys(String topic);

    /// Forgets what was published, and remembers which of it came last on its topic.
    void delete(List<OutboxRecord> published);

    /// Gives the turn up.
    @Override
    void close();
}
