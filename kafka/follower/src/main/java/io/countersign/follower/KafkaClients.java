package io.countersign.follower;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// The Kafka clients of a follower, with the settings that following needs whatever the bus properties say.
final class KafkaClients {
    /// A broker that is back is found again within this time; a broker that is away is not asked more often than a
    /// few times a second.
    static final int RECONNECT_BACKOFF_MAX_MILLIS = 500;

    private static final int RECONNECT_BACKOFF_MILLIS = 50;
    private static final int REQUEST_TIMEOUT_MILLIS = 5_000;
    private static final int API_TIMEOUT_MILLIS = 5_000;
    /// How long an idle fetch may wait at the broker; a record ends the wait at once.
    private static final int FETCH_WAIT_MILLIS = 500;
    /// Bounds one batch; large enough that a topic's start is read in few steps.
    private static final int BATCH_RECORDS = 2_000;

    private KafkaClients() {}

    static Consumer<byte[], byte[]> consumer(FollowerSettings settings) {
        var properties = common(settings.name(), settings.clientProperties());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // A position that is not in the topic is an event of its own, never a silent jump.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH_RECORDS);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static Admin admin(String name, Map<String, Object> clientProperties) {
        return Admin.create(common(name, clientProperties));
    }

    private static Map<String, Object> common(String name, Map<String, Object> clientProperties) {
        var properties = new HashMap<>(clientProperties);
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, name);
        // Each sensor as an MBean is a sixth of what a node's start takes.
        properties.putIfAbsent(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, RECONNECT_BACKOFF_MILLIS);
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_BACKOFF_MAX_MILLIS);
        properties.put(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, RECONNECT_BACKOFF_MILLIS);
        properties.put(CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG, RECONNECT_BACKOFF_MAX_MILLIS);
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MILLIS);
        return properties;
    }
}
