package io.countersign.distributor.publication;

import io.countersign.distributor.projection.CanonicalBytes;
import io.countersign.events.DistributionCodec;
import io.countersign.events.KnownNodeCodec;
import io.countersign.events.RecordOrigin;
import io.countersign.events.Topic;
import io.countersign.events.TopicCatalogue;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.DistributionStatus;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.resource.ResourceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// Publishes on the bus, by the role's one transactional id: whoever opens it last is the only one that can write, and
/// what its predecessor left unfinished is aborted. Owned by one thread.
final class TransactionalPublisher implements Publisher, AutoCloseable {
    static final String TRANSACTIONAL_ID =
            TopicCatalogue.CONFIG.transactionalId().orElseThrow();

    /// How long one call may wait for the bus; afterwards everything is read anew.
    private static final Duration MAX_BLOCK = Duration.ofSeconds(10);

    /// A distributor that died inside a transaction holds up the readers for at most this long.
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final Producer<String, byte[]> producer;

    private TransactionalPublisher(Producer<String, byte[]> producer) {
        this.producer = producer;
    }

    /// Becomes the one writer, and returns when nothing that a predecessor wrote is undecided any more.
    ///
    /// @throws KafkaException when the bus is away
    static TransactionalPublisher open(Map<String, Object> bus) {
        var producer = new KafkaProducer<>(properties(bus), new StringSerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
        return new TransactionalPublisher(producer);
    }

    @Override
    public void publish(Consumer<Transaction> writes) {
        var transaction = new OnBus();
        producer.beginTransaction();
        writes.accept(transaction);
        transaction.requireAcknowledged();
        producer.commitTransaction();
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }

    private static Map<String, Object> properties(Map<String, Object> bus) {
        var properties = new HashMap<>(bus);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TRANSACTIONAL_ID);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, TRANSACTIONAL_ID);
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
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 16L * 1024 * 1024);
        return properties;
    }

    /// The open transaction.
    private final class OnBus implements Transaction {
        private final List<Future<RecordMetadata>> sent = new ArrayList<>();

        @Override
        public long config(SortedMap<ConfigKey, Optional<CanonicalBytes>> writes) {
            // What others refer to comes first, and goes last.
            writes.forEach((key, value) ->
                    value.ifPresent(bytes -> send(TopicCatalogue.CONFIG, key.toString(), bytes.array())));
            writes.reversed().forEach((key, value) -> {
                if (value.isEmpty()) {
                    send(TopicCatalogue.CONFIG, key.toString(), null);
                }
            });
            // The offset of the record itself, not the topic's end: the end that committed readers see moves only when
            // the marker is written, which is after the commit was answered.
            return acknowledged(sent.getLast()).offset() + 1;
        }

        @Override
        public void status(ResourceKey resource, Optional<DistributionStatus> status, Optional<String> history) {
            var message = message(
                    TopicCatalogue.DISTRIBUTION,
                    resource.toString(),
                    status.map(DistributionCodec::encode).orElse(null));
            history.ifPresent(id -> message.headers().add(RecordOrigin.HISTORY, RecordOrigin.bytes(id)));
            sent.add(producer.send(message));
        }

        @Override
        public void forget(NodeId node) {
            send(TopicCatalogue.NODES, node.value(), null);
        }

        @Override
        public void known(NodeId node, Optional<NodeReport> report) {
            send(
                    TopicCatalogue.DISTRIBUTION,
                    KnownNodeCodec.key(node),
                    report.map(KnownNodeCodec::encode).orElse(null));
        }

        void requireAcknowledged() {
            sent.forEach(TransactionalPublisher::acknowledged);
        }

        private void send(Topic topic, String key, byte @Nullable [] value) {
            sent.add(producer.send(message(topic, key, value)));
        }

        private static ProducerRecord<String, byte[]> message(Topic topic, String key, byte @Nullable [] value) {
            return new ProducerRecord<String, byte[]>(topic.name(), Topic.PARTITION, key, value);
        }
    }

    private static RecordMetadata acknowledged(Future<RecordMetadata> sent) {
        try {
            return sent.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
