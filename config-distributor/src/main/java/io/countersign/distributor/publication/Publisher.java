package io.countersign.distributor.publication;

import java.util.function.Consumer;

/// Where the distributor's records go. Readers see a transaction whole or not at all.
public interface Publisher {
    /// Writes in one transaction, and returns when it is committed. After an exception nothing may be concluded about
    /// it, and the publisher is of no use any more.
    void publish(Consumer<Transaction> writes);
}
