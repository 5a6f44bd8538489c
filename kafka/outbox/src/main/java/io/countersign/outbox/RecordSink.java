package io.countersign.outbox;

import java.util.List;
import java.util.UUID;

/// Where the relay publishes to.
interface RecordSink extends AutoCloseable {
    /// Publishes all records, as those of a history, in their order, or none of them. Returns when the bus has them
    /// for good; throws an unchecked exception when it certainly has not, or when the process is stopping.
    void publish(UUID history, List<OutboxRecord> records);

    /// Makes ready to publish, so that the first record does not wait for it. From then on nobody else of the role can
    /// publish.
    ///
    /// @return whether it was not ready, so that somebody else may have published
    boolean open();

    @Override
    void close();
}
