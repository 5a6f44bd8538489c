package io.countersign.follower;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// Writes to a topic, in transactions and without.
final class TestProducer implements AutoCloseable {
    private final KafkaProducer<String, String> plain;
    private final KafkaProducer<String, String> transactional;
    private final String topic;

    TestProducer(String bootstrapServers, String topic) {
        this.topic = topic;
        this.plain = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new StringSerializer());
        this.transactional = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "transactional.id", "test-" + topic),
                new StringSerializer(),
                new StringSerializer());
        transactional.initTransactions();
    }

    void send(@Nullable String key, @Nullable String value) {
        try {
            plain.send(new ProducerRecord<>(topic, key, value)).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("record not sent", e);
        }
    }

    void commit(String key, String value) {
        transactional.beginTransaction();
        var _ = transactional.send(new ProducerRecord<>(topic, key, value));
        transactional.commitTransaction();
    }

    void abort(String key, String value) {
        transactional.beginTransaction();
        var _ = transactional.send(new ProducerRecord<>(topic, key, value));
        transactional.flush();
        transactional.abortTransaction();
    }

    @Override
    public void close() {
        plain.close();
        transactional.close();
    }
}
