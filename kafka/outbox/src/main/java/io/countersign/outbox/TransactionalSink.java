package io.countersign.outbox;

import io.countersign.events.RecordOrigin;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One Kafka transaction a batch, by the role's fixed transactional id.
///
/// Kafka's own producer, not SmallRye's `KafkaTransactions`: that one reports success after a commit that failed and
/// was aborted, repeats single records inside a transaction, and cannot replace a producer that has failed for good.
/// Each of these would lose or reorder records.
///
/// Owned by the relay's thread.
final class TransactionalSink implements RecordSink {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionalSink.class);

    /// How long one call of the producer may block; the relay tries again afterwards.
    private static final Duration MAX_BLOCK = Duration.ofSeconds(10);

    /// A relay that died inside a transaction holds up `read_committed` readers for at most this long.
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final Supplier<Producer<String, byte[]>> producers;
    private @Nullable Producer<String, byte[]> producer;

    TransactionalSink(Map<String, Object> bus, String transactionalId) {
        var properties = properties(bus, transactionalId);
        this(() -> new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer()));
    }

    /// @param producers makes a producer with the role's transactional id; one lives at a time
    TransactionalSink(Supplier<Producer<String, byte[]>> producers) {
        this.producers = producers;
    }

    private static Map<String, Object> properties(Map<String, Object> bus, String transactionalId) {
        var properties = new HashMap<>(bus);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, transactionalId);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis());
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(TRANSACTION_TIMEOUT.toMillis()));
        properties.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 20L);
        properties.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 500L);
        properties.put(ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG, 50L);
        properties.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500L);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L * 1024 * 1024);
        return Map.copyOf(properties);
    }

    @Override
    public boolean open() {
        var closed = producer == null;
        opened();
        return closed;
    }

    @Override
    public void publish(UUID history, List<OutboxRecord> records) {
        var live = opened();
        try {
            live.beginTransaction();
            var sent = records.stream()
                    .map(each -> live.send(message(history, each)))
                    .toList();
            live.flush();
            sent.forEach(TransactionalSink::requireAcknowledged);
            commit(live);
        } catch (RuntimeException e) {
            // Opening again with the same id aborts what this producer left open.
            close(Duration.ZERO);
            throw e;
        }
    }

    private static ProducerRecord<String, byte[]> message(UUID history, OutboxRecord row) {
        var message = new ProducerRecord<String, byte[]>(row.topic(), row.key(), row.value());
        new RecordOrigin(history.toString(), row.id(), row.token().toString())
                .headers()
                .forEach(message.headers()::add);
        return message;
    }

    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    private void close(Duration timeout) {
        if (producer != null) {
            producer.close(timeout);
            producer = null;
        }
    }

    private Producer<String, byte[]> opened() {
        var live = producer;
        if (live == null) {
            live = producers.get();
            try {
                live.initTransactions();
            } catch (RuntimeException e) {
                live.close(Duration.ZERO);
                throw e;
            }
            producer = live;
        }
        return live;
    }

    /// A commit that timed out may have happened. Asked again, the same producer gets the one true answer as soon as
    /// the coordinator is back: done, or aborted by it. A new producer could only send everything twice. This ends
    /// at the latest when the coordinator, once back, has timed the transaction out, or by an interrupt.
    private static void commit(Producer<String, byte[]> live) {
        while (true) {
            try {
                live.commitTransaction();
                return;
            } catch (TimeoutException e) {
                LOG.atWarn().addKeyValue("cause", e.getMessage()).log("outbox commit unanswered, asked again");
            }
        }
    }

    private static void requireAcknowledged(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
