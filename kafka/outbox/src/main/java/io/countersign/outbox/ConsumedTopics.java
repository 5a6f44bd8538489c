package io.countersign.outbox;

import io.countersign.events.RecordOrigin;
import io.countersign.events.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Reads the one partition of a topic. For one thread.
final class ConsumedTopics implements PublishedTopics {
    private static final String CLIENT = "outbox-topics";
    private static final Duration POLL = Duration.ofMillis(500);
    /// Polls in a row without progress before the bus counts as away: some seconds.
    private static final int IDLE_POLLS_MAX = 10;
    private static final int API_TIMEOUT_MILLIS = 5_000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    /// Where the search for the last record begins: before the marker of its transaction.
    private static final long FIRST_STEP = 4;

    private final Consumer<String, byte[]> consumer;

    ConsumedTopics(Map<String, Object> bus) {
        var properties = new HashMap<>(bus);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, CLIENT);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MILLIS);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        this(new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer()));
    }

    ConsumedTopics(Consumer<String, byte[]> consumer) {
        this.consumer = consumer;
    }

    /// Looks from further and further back: markers and what compaction has left out have numbers, too.
    @Override
    public Optional<PublishedRecord> last(String topic) {
        var range = range(topic);
        for (var step = FIRST_STEP; ; step *= FIRST_STEP) {
            var from = Math.max(range.start(), range.end() - step);
            var found = read(range, from);
            if (!found.isEmpty()) {
                return Optional.of(found.getLast());
            }
            if (from == range.start()) {
                return Optional.empty();
            }
        }
    }

    @Override
    public List<PublishedRecord> all(String topic) {
        var range = range(topic);
        return read(range, range.start());
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
    }

    /// What a topic's committed records are numbered with; the end is the number after the last.
    private record Range(TopicPartition partition, long start, long end) {}

    private Range range(String topic) {
        var partition = new TopicPartition(topic, Topic.PARTITION);
        var only = List.of(partition);
        consumer.assign(only);
        return new Range(
                partition,
                consumer.beginningOffsets(only).getOrDefault(partition, 0L),
                consumer.endOffsets(only).getOrDefault(partition, 0L));
    }

    private List<PublishedRecord> read(Range range, long from) {
        var found = new ArrayList<PublishedRecord>();
        consumer.seek(range.partition(), from);
        var idle = 0;
        for (var position = from; position < range.end(); ) {
            consumer.poll(POLL).forEach(each -> found.add(record(each)));
            var next = consumer.position(range.partition());
            idle = next > position ? 0 : idle + 1;
            if (idle > IDLE_POLLS_MAX) {
                throw new TimeoutException(range.partition().topic() + ": not read up to its end");
            }
            position = next;
        }
        return found;
    }

    private static PublishedRecord record(ConsumerRecord<String, byte[]> read) {
        var origin = RecordOrigin.read(name -> {
            var header = read.headers().lastHeader(name);
            return header == null ? null : header.value();
        });
        return new PublishedRecord(read.key(), read.value(), origin);
    }
}
