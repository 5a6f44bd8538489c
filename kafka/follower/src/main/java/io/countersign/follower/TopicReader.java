package io.countersign.follower;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/// Reads the topics and knows where it stands. Belongs to the follower's thread, except [#wakeup].
final class TopicReader implements AutoCloseable {
    /// How long a poll waits for a record. It ends at once when a record is there; this only bounds how late a check
    /// of the topics' ids is looked at.
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicIds topicIds;
    private final Set<TopicPartition> partitions;
    private final Map<String, TopicPosition> resumeFrom;
    private final Map<String, TopicPosition> positions = new HashMap<>();
    /// End offsets that are still to be reached before we have caught up.
    private final Map<String, Long> goals = new HashMap<>();

    private List<TopicReset> resets = new ArrayList<>();
    private boolean begun;

    TopicReader(FollowerSettings settings) {
        this.partitions = settings.topics().stream()
                .map(topic -> new TopicPartition(topic, 0))
                .collect(Collectors.toUnmodifiableSet());
        this.resumeFrom = settings.resumeFrom();
        this.consumer = KafkaClients.consumer(settings);
        this.topicIds = new TopicIds(
                KafkaClients.admin(settings.name(), settings.clientProperties()),
                settings.topics(),
                settings.topicCheckInterval());
    }

    /// One poll. Throws Kafka's exceptions as they come; it may be called again after each.
    ConsumerRecords<byte[], byte[]> read() {
        if (!begun) {
            begin();
            return ConsumerRecords.empty();
        }
        resetReplaced(topicIds.poll());
        try {
            var polled = consumer.poll(POLL_TIMEOUT);
            polled.nextOffsets().forEach((partition, next) -> moveTo(partition.topic(), next.offset()));
            return polled;
        } catch (OffsetOutOfRangeException e) {
            var ids = topicIds.read();
            resetReplaced(ids);
            for (var partition : e.partitions()) {
                var position = position(partition.topic());
                if (!isReset(partition.topic())) {
                    restart(partition, TopicReset.Reason.TRUNCATED, position.topicId());
                }
            }
            return ConsumerRecords.empty();
        }
    }

    /// Resets since the last call, in the order in which they were noticed. They come before the records of the same
    /// [#read].
    List<TopicReset> takeResets() {
        var taken = resets;
        resets = new ArrayList<>();
        return taken;
    }

    /// What the last check of the topics ended with, where that went wrong.
    Optional<Throwable> failure() {
        return topicIds.failure();
    }

    boolean caughtUp() {
        return begun && goals.isEmpty();
    }

    Map<String, TopicPosition> positions() {
        return Map.copyOf(positions);
    }

    void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        topicIds.close();
        consumer.close(CloseOptions.timeout(TopicFollower.CLIENT_CLOSE_TIMEOUT));
    }

    private void begin() {
        var ids = topicIds.read();
        consumer.assign(partitions);
        var starts = consumer.beginningOffsets(partitions);
        var ends = consumer.endOffsets(partitions);
        for (var partition : partitions) {
            var topic = partition.topic();
            var start = new TopicPosition(known(ids, topic), known(starts, partition));
            long end = known(ends, partition);
            var first = firstPosition(topic, start, end);
            consumer.seek(partition, first.offset());
            goals.put(topic, end);
            positions.put(topic, first);
            moveTo(topic, first.offset());
        }
        begun = true;
    }

    private TopicPosition firstPosition(String topic, TopicPosition start, long end) {
        var asked = resumeFrom.getOrDefault(topic, start);
        if (!asked.topicId().equals(start.topicId())) {
            resets.add(new TopicReset(topic, TopicReset.Reason.REPLACED, asked, start));
            return start;
        }
        if (asked.offset() < start.offset() || asked.offset() > end) {
            resets.add(new TopicReset(topic, TopicReset.Reason.TRUNCATED, asked, start));
            return start;
        }
        return asked;
    }

    private void resetReplaced(Map<String, String> ids) {
        ids.forEach((topic, id) -> {
            if (!position(topic).topicId().equals(id)) {
                restart(new TopicPartition(topic, 0), TopicReset.Reason.REPLACED, id);
            }
        });
    }

    private void restart(TopicPartition partition, TopicReset.Reason reason, String topicId) {
        var only = Set.of(partition);
        var start = new TopicPosition(topicId, known(consumer.beginningOffsets(only), partition));
        long end = known(consumer.endOffsets(only), partition);
        consumer.seek(partition, start.offset());
        var topic = partition.topic();
        resets.add(new TopicReset(topic, reason, position(topic), start));
        positions.put(topic, start);
        goals.put(topic, end);
        moveTo(topic, start.offset());
    }

    private boolean isReset(String topic) {
        return resets.stream().anyMatch(reset -> reset.topic().equals(topic));
    }

    private void moveTo(String topic, long offset) {
        positions.put(topic, new TopicPosition(position(topic).topicId(), offset));
        goals.computeIfPresent(topic, (name, end) -> offset >= end ? null : end);
    }

    private TopicPosition position(String topic) {
        return known(positions, topic);
    }

    /// What was asked of Kafka or put in before is there.
    private static <K, V> V known(Map<K, V> map, K key) {
        return Objects.requireNonNull(map.get(key), () -> "nothing known of " + key);
    }
}
