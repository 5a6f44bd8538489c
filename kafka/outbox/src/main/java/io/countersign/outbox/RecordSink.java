package io.countersign.outbox;

import java.util.List;

/// Where the relay publishes to.
interface RecordSink extends AutoCloseable {
    /// Publishes all records in their order, or none of them. Returns when the bus has them for good; throws an
    /// unchecked exception when it certainly has not, or when the process is stopping.
    void publish(List<OutboxRecord> records);

    /// Makes ready to publish, so that the first record does not wait for it.
    void open();

    @Override
    void close();
}
