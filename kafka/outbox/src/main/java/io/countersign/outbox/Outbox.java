package io.countersign.outbox;

import jakarta.inject.Singleton;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Facts that are published if, and only if, the caller's transaction commits, in the order of the commits.
///
/// Ids come from one sequence, under a lock that is held until the transaction has ended: id order is commit order is
/// the order on the topic. So take the number as the last act before the commit; every other writer waits for it.
///
/// All methods want a JTA transaction ([IllegalStateException] without one) and run on the transaction's thread.
/// [OutboxUnavailable] when the database fails; the transaction is then lost.
@Singleton
public class Outbox {
    private final OutboxTable table;
    private final RelayThread relay;
    private final TransactionSynchronizationRegistry transactions;

    Outbox(OutboxTable table, RelayThread relay, TransactionSynchronizationRegistry transactions) {
        this.table = table;
        this.relay = relay;
        this.transactions = transactions;
    }

    /// The next commit sequence: greater than every one that was committed before, smaller than every one that will
    /// be committed later. The state's row and the record about it can so carry the same number. A number whose
    /// transaction rolls back is never used again.
    public long nextSequence() {
        requireTransaction();
        return table.nextSequence();
    }

    /// Stores a record under a number from [#nextSequence()], which takes one record.
    ///
    /// @param value null for a tombstone
    public void append(long sequence, String topic, String key, byte @Nullable [] value) {
        requireTransaction();
        table.insert(new OutboxRecord(sequence, topic, key, value));
        nudgeAfterCommit();
    }

    /// Stores a record under the next number, which is returned.
    ///
    /// @param value null for a tombstone
    public long append(String topic, String key, byte @Nullable [] value) {
        var sequence = nextSequence();
        append(sequence, topic, key, value);
        return sequence;
    }

    /// The id of this database's history; empty while the topics are another's, or that is not known yet. Needs no
    /// transaction, for any thread.
    public Optional<String> history() {
        return relay.standing() instanceof HistoryGuard.Standing.Own
                ? Optional.of(table.lineage().history().toString())
                : Optional.empty();
    }

    private void requireTransaction() {
        if (transactions.getTransactionStatus() != Status.STATUS_ACTIVE) {
            throw new IllegalStateException("outbox: no active transaction");
        }
    }

    /// Once a transaction, however many records it has.
    private void nudgeAfterCommit() {
        if (transactions.getResource(this) == null) {
            transactions.putResource(this, true);
            transactions.registerInterposedSynchronization(new NudgeAfterCommit(relay));
        }
    }

    private record NudgeAfterCommit(RelayThread relay) implements Synchronization {
        @Override
        public void beforeCompletion() {}

        @Override
        public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
                relay.nudge();
            }
        }
    }
}
