package io.countersign.distributor.publication;

import io.countersign.events.Topic;
import io.countersign.events.TopicCatalogue;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Elects one of the replicas: the one to which the group assigns the one partition of the resources. Nothing is read
/// through the group. Who wrongly believes to be elected is fenced by the next one's producer, so that an election only
/// says who should try. Has a thread of its own.
final class Election implements AutoCloseable {
    /// The bus lets a service into groups that are called like its user.
    private static final String GROUP = Topic.Role.CONFIG_DISTRIBUTOR.user();

    private static final Logger LOG = LoggerFactory.getLogger(Election.class);
    /// A replica that was killed is replaced after so long.
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration FIRST_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile boolean won;
    private volatile boolean closing;

    private Election(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
        this.thread =
                Thread.ofPlatform().name("distributor-election").daemon(true).unstarted(this::run);
    }

    /// Stands for election; does not wait for the bus.
    static Election enter(Map<String, Object> bus) {
        var properties = new HashMap<>(bus);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, GROUP + "-election");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        // Who is elected stays so when another replica joins.
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, Math.toIntExact(SESSION_TIMEOUT.toMillis()));
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, Math.toIntExact(HEARTBEAT.toMillis()));
        var election =
                new Election(new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
        election.thread.start();
        return election;
    }

    /// Waits for the first election, but not for long: the bus may be away.
    void awaitFirst() throws InterruptedException {
        if (!decided.await(FIRST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.atDebug().log("not elected yet");
        }
    }

    /// False when its thread has ended by itself.
    boolean goesOn() {
        return thread.isAlive();
    }

    /// Whether this replica is the one to publish.
    boolean won() {
        return won;
    }

    /// Leaves, so that another replica is elected at once.
    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            if (!thread.join(CLOSE_TIMEOUT)) {
                LOG.atWarn().log("election does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(List.of(TopicCatalogue.RESOURCES.name()), new Assignment());
            while (!closing) {
                poll();
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("election interrupted");
        } finally {
            won = false;
        }
    }

    private void poll() throws InterruptedException {
        try {
            consumer.poll(POLL);
        } catch (WakeupException e) {
            LOG.atDebug().log("election ends");
        } catch (KafkaException e) {
            LOG.atWarn().addKeyValue("failure", e.toString()).log("election is not possible, it is tried again");
            Thread.sleep(RETRY_PAUSE);
        }
    }

    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.pause(partitions);
            won = won || !partitions.isEmpty();
            decided.countDown();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            won = false;
        }
    }
}
