package io.countersign.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.events.TopicCatalogue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {

    private static final BusUser ADMIN = new BusUser("admin", "admin-secret");
    private static final BusUser DISTRIBUTOR = new BusUser("config-distributor", "distributor-secret");
    private static final BusUser NODE = new BusUser("node-httpbin.full", "node-secret");
    private static final String CONFIG = TopicCatalogue.CONFIG.name();

    @TempDir
    private Path directory;

    @Test
    void startsWithTheCataloguesTopics() throws Exception {
        // When
        try (var broker = EmbeddedBroker.start(BrokerSettings.open(directory));
                var admin = Admin.create(broker.administratorProperties())) {

            // Then
            assertThat(admin.listTopics().names().get())
                    .containsAll(TopicCatalogue.ALL.stream()
                            .map(topic -> topic.name())
                            .toList());
        }
    }

    @Test
    void keepsTopicsAndDataOverARestart() {
        // Given
        BrokerSettings settings;
        try (var broker = EmbeddedBroker.start(BrokerSettings.restricted(directory, ADMIN, List.of(DISTRIBUTOR)))) {
            settings = broker.settings();
            send(broker.clientProperties(DISTRIBUTOR), CONFIG);
        }

        // When
        try (var broker = EmbeddedBroker.start(settings)) {

            // Then
            assertThat(readAll(broker.clientProperties(DISTRIBUTOR), CONFIG)).containsExactly("value");
        }
    }

    @Test
    void letsANodeReadWhatTheDistributorWrote() {
        // Given
        try (var broker = restricted()) {
            send(broker.clientProperties(DISTRIBUTOR), CONFIG);

            // When
            List<String> values = readAll(broker.clientProperties(NODE), CONFIG);

            // Then
            assertThat(values).containsExactly("value");
        }
    }

    @Test
    void refusesAWrongPassword() {
        // Given
        try (var broker = restricted()) {
            var impostor = new BusUser(DISTRIBUTOR.name(), "guessed");

            // Then
            assertThatThrownBy(() -> send(broker.clientProperties(impostor), CONFIG))
                    .rootCause()
                    .isInstanceOf(SaslAuthenticationException.class);
        }
    }

    @Test
    void refusesAWriterThatTheCatalogueDoesNotName() {
        // Given
        try (var broker = restricted()) {

            // Then
            assertThatThrownBy(() -> send(broker.clientProperties(NODE), CONFIG))
                    .rootCause()
                    .isInstanceOf(TopicAuthorizationException.class);
        }
    }

    @Test
    void refusesAReaderThatTheCatalogueDoesNotName() {
        // Given
        try (var broker = restricted()) {

            // Then
            assertThatThrownBy(() -> readAll(broker.clientProperties(NODE), TopicCatalogue.RESOURCES.name()))
                    .isInstanceOf(TopicAuthorizationException.class);
        }
    }

    private EmbeddedBroker restricted() {
        return EmbeddedBroker.start(BrokerSettings.restricted(directory, ADMIN, List.of(DISTRIBUTOR, NODE)));
    }

    private static void send(Map<String, Object> login, String topic) {
        var properties = new HashMap<>(login);
        properties.put("max.block.ms", 60_000);
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, 0, "key", "value")).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> readAll(Map<String, Object> login, String topic) {
        try (var consumer = new KafkaConsumer<>(login, new StringDeserializer(), new StringDeserializer())) {
            var partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var records = consumer.poll(Duration.ofSeconds(60));
            return StreamSupport.stream(records.spliterator(), false)
                    .map(record -> record.value())
                    .toList();
        }
    }
}
