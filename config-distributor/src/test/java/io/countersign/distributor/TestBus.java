package io.countersign.distributor;

import io.countersign.events.ConfigCodec;
import io.countersign.events.DistributionCodec;
import io.countersign.events.TopicCatalogue;
import io.countersign.follower.FollowedBatch;
import io.countersign.follower.FollowedRecord;
import io.countersign.follower.FollowerListener;
import io.countersign.follower.FollowerSettings;
import io.countersign.follower.TopicFollower;
import io.countersign.follower.TopicPosition;
import io.countersign.follower.TopicReset;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.distribution.DistributionStatus;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.resource.ResourceKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The other services and the nodes on a bus: writes what they write, and reads what they read, a transaction at a
/// time.
public final class TestBus implements AutoCloseable {
    private final Map<String, Object> properties;
    private final KafkaProducer<byte[], byte[]> producer;
    private final TopicFollower follower;
    private final Map<String, byte[]> values = new ConcurrentHashMap<>();
    private final List<FollowedRecord> read = new CopyOnWriteArrayList<>();
    private final Map<String, TopicPosition> positions = new ConcurrentHashMap<>();

    public TestBus(Map<String, Object> properties) {
        this.properties = properties;
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        follower = TopicFollower.start(
                FollowerSettings.of(
                        "test-node",
                        properties,
                        List.of(
                                TopicCatalogue.CONFIG.name(),
                                TopicCatalogue.DISTRIBUTION.name(),
                                TopicCatalogue.NODES.name())),
                new Reader());
    }

    public Map<String, Object> properties() {
        return properties;
    }

    public void write(FollowedRecord... records) {
        for (var each : records) {
            write(each.topic(), each.key().getBytes(StandardCharsets.UTF_8), each.value());
        }
    }

    /// A record under any key.
    public void write(String topic, byte[] key, byte[] value) {
        try {
            producer.send(new ProducerRecord<>(topic, key, value)).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("record not written", e);
        }
    }

    /// Every config key that was written, as often as it was.
    public synchronized List<String> configWrites() {
        return read.stream()
                .filter(each -> each.topic().equals(TopicCatalogue.CONFIG.name()))
                .map(FollowedRecord::key)
                .toList();
    }

    public synchronized Optional<WorkloadConfig> workload(ConfigKey key) {
        return Optional.ofNullable(values.get(TopicCatalogue.CONFIG.name() + key))
                .map(value -> (WorkloadConfig) ConfigCodec.decode(key, value));
    }

    public synchronized Optional<DistributionStatus> status(ResourceKey key) {
        return Optional.ofNullable(values.get(TopicCatalogue.DISTRIBUTION.name() + key))
                .map(value -> DistributionCodec.decode(key, value));
    }

    /// Where a node that applies at once stands on the config topic.
    public TopicPosition position() {
        return positions.get(TopicCatalogue.CONFIG.name());
    }

    /// Whether the last that was said of a node is that it is gone.
    public synchronized boolean isForgotten(NodeId node) {
        return read.stream()
                .filter(each -> each.topic().equals(TopicCatalogue.NODES.name()))
                .filter(each -> each.key().equals(node.value()))
                .reduce((_, last) -> last)
                .filter(last -> last.value() == null)
                .isPresent();
    }

    @Override
    public void close() {
        follower.close();
        producer.close();
    }

    private final class Reader implements FollowerListener {
        @Override
        public void onUnreadableKey(String topic, long offset) {}

        @Override
        public void onBatch(FollowedBatch batch) {
            synchronized (TestBus.this) {
                positions.putAll(batch.positions());
                batch.records().forEach(this::take);
            }
        }

        private void take(FollowedRecord followed) {
            var value = followed.value();
            if (value == null) {
                values.remove(followed.topic() + followed.key());
            } else {
                values.put(followed.topic() + followed.key(), value);
            }
            read.add(followed);
        }

        @Override
        public void onCaughtUp(Map<String, TopicPosition> caughtUp) {
            positions.putAll(caughtUp);
        }

        @Override
        public void onReset(TopicReset reset) {
            values.keySet().removeIf(key -> key.startsWith(reset.topic()));
        }
    }
}
