package io.countersign.dataplane.report;

import io.countersign.events.Topic;
import io.countersign.events.TopicCatalogue;
import io.countersign.mesh.distribution.NodeReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Reports to [TopicCatalogue#NODES]. A broker that is back is found within half a second.
public final class KafkaReports implements AutoCloseable {
    private static final int RECONNECT_BACKOFF_MILLIS = 50;
    private static final int RECONNECT_BACKOFF_MAX_MILLIS = 500;
    private static final int BLOCK_MILLIS = 2_000;
    private static final int REQUEST_TIMEOUT_MILLIS = 2_000;
    private static final int DELIVERY_TIMEOUT_MILLIS = 4_000;
    private static final long BUFFER_BYTES = 1024L * 1024;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final KafkaProducer<byte[], byte[]> producer;

    /// Does not wait for the broker.
    ///
    /// @param busProperties how the bus is reached and who we are to it
    public KafkaReports(String clientId, Map<String, Object> busProperties) {
        var properties = new HashMap<>(busProperties);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.putIfAbsent(ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MILLIS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        properties.put(ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG, RECONNECT_BACKOFF_MILLIS);
        properties.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_BACKOFF_MAX_MILLIS);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// Reports of one identity.
    ///
    /// @param seal signs a report: the record's value
    public ReportSink of(Function<NodeReport, byte[]> seal) {
        return report -> send(report, seal.apply(report));
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }

    private CompletionStage<Void> send(NodeReport report, byte[] sealed) {
        var sent = new CompletableFuture<Void>();
        var value = new ProducerRecord<>(
                TopicCatalogue.NODES.name(),
                Topic.PARTITION,
                report.node().value().getBytes(StandardCharsets.UTF_8),
                sealed);
        try {
            var _ = producer.send(value, (_, failure) -> {
                if (failure == null) {
                    sent.complete(null);
                } else {
                    sent.completeExceptionally(failure);
                }
            });
        } catch (KafkaException e) {
            sent.completeExceptionally(e);
        }
        return sent;
    }
}
