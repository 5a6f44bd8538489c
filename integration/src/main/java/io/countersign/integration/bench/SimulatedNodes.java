package io.countersign.integration.bench;

import io.countersign.events.ConfigCodec;
import io.countersign.events.Topic;
import io.countersign.events.TopicCatalogue;
import io.countersign.follower.FollowedBatch;
import io.countersign.follower.FollowedRecord;
import io.countersign.follower.FollowerListener;
import io.countersign.follower.FollowerSettings;
import io.countersign.follower.TopicFollower;
import io.countersign.follower.TopicPosition;
import io.countersign.follower.TopicReset;
import io.countersign.identity.ReportSeal;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// Nodes without traffic. One follower reads the config topic for all of them; each reports for itself, with its own
/// signature, by the rules of a node's reporter: at once, then at most every 100 ms, and again every 10 s with jitter.
final class SimulatedNodes implements AutoCloseable {
    private static final Duration INTERVAL_MIN = Duration.ofMillis(100);
    private static final Duration REPEAT = Duration.ofSeconds(10);
    private static final double JITTER = 0.1;

    private final KafkaProducer<String, byte[]> producer;
    private final List<Simulated> nodes;
    private final AtomicLong configBytes = new AtomicLong();
    private final AtomicLong reports = new AtomicLong();
    private final TopicFollower follower;
    private volatile @Nullable TopicPosition applied;
    private volatile @Nullable Expectation expected;
    private volatile boolean silent;

    /// One node.
    ///
    /// @param workloads that it serves, all with its one certificate
    record Node(NodeId id, X509Svid svid, List<ConfigKey> workloads) {}

    private SimulatedNodes(List<Node> nodes, Map<String, Object> bus) {
        this.nodes = nodes.stream().map(Simulated::new).toList();
        var properties = new HashMap<>(bus);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
        this.follower = TopicFollower.start(
                FollowerSettings.of("simulated-nodes", bus, List.of(TopicCatalogue.CONFIG.name())), new Applier());
    }

    static SimulatedNodes start(List<Node> nodes, Map<String, Object> bus) {
        var started = new SimulatedNodes(nodes, bus);
        started.nodes.forEach(node -> node.thread.start());
        return started;
    }

    /// The moment when the last node's report was taken by the bus that says that the key's next record is in force.
    CompletableFuture<Long> expect(ConfigKey key) {
        var expectation = new Expectation(key.toString(), new AtomicInteger(nodes.size()));
        expected = expectation;
        return expectation.done;
    }

    /// The moment when the key's next record was read.
    CompletableFuture<Long> expectRead(ConfigKey key) {
        var expectation = new Expectation(key.toString(), new AtomicInteger(nodes.size()));
        expected = expectation;
        return expectation.seen;
    }

    /// Keys and values that were read so far.
    long configBytes() {
        return configBytes.get();
    }

    /// Reports that the bus has taken so far.
    long reports() {
        return reports.get();
    }

    /// Whether nodes go on reading but say nothing.
    void silence(boolean on) {
        silent = on;
        nodes.forEach(node -> node.news.release());
    }

    @Override
    public void close() {
        nodes.forEach(node -> node.thread.interrupt());
        follower.close();
        producer.close(INTERVAL_MIN);
    }

    /// A record that all nodes are to report; its place is known once it was read.
    private static final class Expectation {
        private final String key;
        private final AtomicInteger missing;
        private final CompletableFuture<Long> done = new CompletableFuture<>();
        private final CompletableFuture<Long> seen = new CompletableFuture<>();
        private volatile long position = Long.MAX_VALUE;

        Expectation(String key, AtomicInteger missing) {
            this.key = key;
            this.missing = missing;
        }

        void read(FollowedRecord followed) {
            if (position == Long.MAX_VALUE && followed.key().equals(key)) {
                position = followed.offset() + 1;
                seen.complete(System.nanoTime());
            }
        }

        void moved(long before, long after) {
            if (before < position && after >= position && missing.decrementAndGet() == 0) {
                done.complete(System.nanoTime());
            }
        }
    }

    private final class Applier implements FollowerListener {
        @Override
        public void onBatch(FollowedBatch batch) {
            for (var followed : batch.records()) {
                apply(followed);
            }
            inForce(batch.positions());
        }

        @Override
        public void onCaughtUp(Map<String, TopicPosition> positions) {
            inForce(positions);
        }

        @Override
        public void onReset(TopicReset reset) {
            throw new IllegalStateException("config topic was lost: " + reset);
        }

        private void apply(FollowedRecord followed) {
            var value = followed.value();
            configBytes.addAndGet(followed.key().length() + (value == null ? 0 : value.length));
            if (value != null) {
                ConfigKey.parse(followed.key()).ifPresent(key -> ConfigCodec.decode(key, value));
            }
            var expectation = expected;
            if (expectation != null) {
                expectation.read(followed);
            }
        }

        private void inForce(Map<String, TopicPosition> positions) {
            applied = positions.get(TopicCatalogue.CONFIG.name());
            nodes.forEach(node -> node.news.release());
        }
    }

    private final class Simulated {
        private final Node node;
        private final Semaphore news = new Semaphore(0);
        private final AtomicLong reported = new AtomicLong();
        private final Thread thread;

        Simulated(Node node) {
            this.node = node;
            this.thread = Thread.ofVirtual().name(node.id().value()).unstarted(this::run);
        }

        private void run() {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    report();
                    Thread.sleep(INTERVAL_MIN);
                    var _ = news.tryAcquire(pause().toMillis(), TimeUnit.MILLISECONDS);
                    news.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void report() {
            var position = applied;
            if (position == null || silent) {
                return;
            }
            var sealed = ReportSeal.seal(of(position), node.svid());
            var _ = producer.send(
                    new ProducerRecord<>(
                            TopicCatalogue.NODES.name(),
                            Topic.PARTITION,
                            node.id().value(),
                            sealed),
                    (_, failure) -> {
                        if (failure == null) {
                            reports.incrementAndGet();
                            arrived(position.offset());
                        }
                    });
        }

        private void arrived(long position) {
            var before = reported.getAndAccumulate(position, Math::max);
            var expectation = expected;
            if (expectation != null) {
                expectation.moved(before, position);
            }
        }

        private NodeReport of(TopicPosition position) {
            var serial = node.svid().serialHex();
            var workloads = new TreeMap<ConfigKey, String>();
            node.workloads().forEach(workload -> workloads.put(workload, serial));
            return new NodeReport(
                    node.id(),
                    node.svid().spiffeId(),
                    workloads,
                    position.topicId(),
                    position.offset(),
                    1,
                    new TreeMap<>(),
                    "",
                    node.svid().notAfter());
        }

        private Duration pause() {
            var random = RandomGenerator.getDefault();
            return Duration.ofMillis((long) (REPEAT.toMillis() * (1 + JITTER * (2 * random.nextDouble() - 1))));
        }
    }
}
