package io.countersign.integration.bench;

import io.countersign.events.DistributionCodec;
import io.countersign.events.ResourceCodec;
import io.countersign.events.ResourceCodec.StoredResource;
import io.countersign.events.TopicCatalogue;
import io.countersign.events.TrustBundleCodec;
import io.countersign.follower.FollowedBatch;
import io.countersign.follower.FollowedRecord;
import io.countersign.follower.FollowerListener;
import io.countersign.follower.FollowerSettings;
import io.countersign.follower.TopicFollower;
import io.countersign.follower.TopicPosition;
import io.countersign.follower.TopicReset;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.projection.MeshSettings;
import io.countersign.mesh.resource.ResourceKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// policy-service and ca-service as the bus sees them: writes resources in transactions, and is told how far they came.
final class SimulatedControl implements AutoCloseable {
    /// As many as policy-service's relay puts into one transaction.
    private static final int BATCH = 1_000;

    private final KafkaProducer<String, byte[]> resources;
    private final KafkaProducer<String, byte[]> trust;
    private final TopicFollower follower;
    private final Map<ResourceKey, CompletableFuture<Long>> waiting = new ConcurrentHashMap<>();
    private final Map<ResourceKey, Long> wanted = new ConcurrentHashMap<>();

    SimulatedControl(Map<String, Object> bus) {
        var properties = new HashMap<>(bus);
        trust = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
        properties.put(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                TopicCatalogue.RESOURCES.transactionalId().orElseThrow());
        resources = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
        resources.initTransactions();
        follower = TopicFollower.start(
                FollowerSettings.of("simulated-control", bus, List.of(TopicCatalogue.DISTRIBUTION.name())),
                new Verdicts());
    }

    /// The records that come before every resource.
    void define(MeshSettings settings, TrustBundle bundle) {
        resources.beginTransaction();
        send(TopicCatalogue.MESH_KEY, ResourceCodec.encode(settings));
        resources.commitTransaction();
        var _ = trust.send(new ProducerRecord<>(
                TopicCatalogue.TRUST.name(), bundle.trustDomain().name(), TrustBundleCodec.encode(bundle)));
        trust.flush();
    }

    /// Writes resources; returns when the bus has them.
    void write(List<StoredResource> written) {
        for (int from = 0; from < written.size(); from += BATCH) {
            resources.beginTransaction();
            written.subList(from, Math.min(from + BATCH, written.size()))
                    .forEach(each -> send(each.key().toString(), ResourceCodec.encode(each)));
            resources.commitTransaction();
        }
    }

    /// The moment when the resource's generation is said to be in force; to be asked before it is written.
    CompletableFuture<Long> expect(StoredResource written) {
        var moment = new CompletableFuture<Long>();
        wanted.put(written.key(), written.generation());
        waiting.put(written.key(), moment);
        return moment;
    }

    @Override
    public void close() {
        follower.close();
        resources.close();
        trust.close();
    }

    private void send(String key, byte[] value) {
        var _ = resources.send(new ProducerRecord<>(TopicCatalogue.RESOURCES.name(), key, value));
    }

    private final class Verdicts implements FollowerListener {
        @Override
        public void onBatch(FollowedBatch batch) {
            batch.records().forEach(this::read);
        }

        @Override
        public void onCaughtUp(Map<String, TopicPosition> positions) {}

        @Override
        public void onReset(TopicReset reset) {
            throw new IllegalStateException("distribution topic was lost: " + reset);
        }

        private void read(FollowedRecord followed) {
            var value = followed.value();
            if (value == null) {
                return;
            }
            ResourceKey.parse(followed.key())
                    .map(key -> DistributionCodec.decode(key, value))
                    .filter(status ->
                            status.isInForce() && status.generation() == wanted.getOrDefault(status.resource(), -1L))
                    .map(status -> waiting.get(status.resource()))
                    .ifPresent(moment -> moment.complete(System.nanoTime()));
        }
    }
}
