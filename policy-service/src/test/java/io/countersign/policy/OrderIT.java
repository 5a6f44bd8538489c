package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.events.TopicCatalogue;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.object.Json;
import io.countersign.policy.object.Manifest;
import io.countersign.policy.object.StoredObject.Labelling;
import io.countersign.policy.storage.ObjectStore;
import io.countersign.policy.storage.Selection;
import io.countersign.policy.storage.WriteResult;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/// The order of the topic is the order of the commits, also with many writers, and with Kafka away for a while.
@QuarkusTest
@QuarkusTestResource(PolicyEnvironment.class)
class OrderIT {
    private static final int WRITERS = 8;
    private static final int CHANGES = 25;

    @Inject
    ObjectStore store;

    @Test
    void publishesInTheOrderOfTheCommits() throws InterruptedException, ExecutionException {
        // Given
        create(ResourceKey.of(ResourceType.NAMESPACE, "", "order"));
        // When
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            var writing = IntStream.range(0, WRITERS)
                    .mapToObj(writer -> writers.submit(() -> writeOwnAndShared(writer)))
                    .toList();
            for (var writer : writing) {
                writer.get();
            }
        }
        // Then
        var newest = store.newestSequence();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(sequences()).endsWith(newest));
        assertThat(sequences()).isSorted().doesNotHaveDuplicates();
        store.list(Selection.of(ResourceType.SERVICE, Optional.of("order")))
                .objects()
                .forEach(object -> assertThat(records().stream()
                                .filter(each -> each.key().equals(object.key().toString()))
                                .reduce((_, last) -> last)
                                .map(last -> json(last).path("sequence").asLong()))
                        .contains(object.sequence()));
    }

    @Test
    void losesNothingWhileKafkaIsAway() {
        // Given
        create(ResourceKey.of(ResourceType.NAMESPACE, "", "outage"));
        var key = ResourceKey.of(ResourceType.SERVICE, "outage", "httpbin");
        // When
        PolicyEnvironment.broker.close();
        create(key);
        for (int port = 1; port < 200; port++) {
            change(key, port);
        }
        var newest = store.newestSequence();
        PolicyEnvironment.restartBroker();
        // Then
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(sequences()).endsWith(newest));
        assertThat(sequences()).isSorted().doesNotHaveDuplicates();
        assertThat(records().stream().filter(each -> each.key().equals(key.toString())))
                .hasSize(200);
    }

    /// Once the service has seen the topic it sees that it is another one.
    @Test
    void publishesEverythingAgainWhenTheTopicIsMadeAnew() {
        // Given
        var key = ResourceKey.of(ResourceType.NAMESPACE, "", "lost");
        create(key);
        await().untilAsserted(() -> assertThat(keys()).contains(key.toString()));
        var before = liveKeys();
        try (var admin = Admin.create(PolicyEnvironment.broker.administratorProperties())) {
            await().atMost(Duration.ofMinutes(2)).ignoreExceptions().untilAsserted(() -> {
                // When
                recreate(admin);
                // Then
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(keys())
                                .startsWith(TopicCatalogue.MESH_KEY)
                                .containsAll(before));
            });
        }
    }

    @Test
    void tellsAWatcherWhoHasBeenAwayTooLong() {
        // Given
        var policies = Selection.of(ResourceType.POLICY, Optional.empty());
        // When / Then
        assertThat(store.changedAfter(policies, store.newestSequence() - 100_001, 10))
                .isEmpty();
        assertThat(store.changedAfter(policies, store.newestSequence(), 10)).contains(List.of());
    }

    private Void writeOwnAndShared(int writer) {
        var own = ResourceKey.of(ResourceType.SERVICE, "order", "own-" + writer);
        var shared = ResourceKey.of(ResourceType.SERVICE, "order", "shared");
        create(own);
        store.create(manifest(shared, 1), false);
        for (int change = 0; change < CHANGES; change++) {
            change(own, 1 + change);
            change(shared, 1 + writer * CHANGES + change);
        }
        return null;
    }

    private void create(ResourceKey key) {
        var spec = key.type() == ResourceType.NAMESPACE ? "{}" : "{\"ports\":[]}";
        var manifest = new Manifest(key, Optional.empty(), Optional.empty(), Labelling.NONE, Json.readStored(spec));
        assertThat(store.create(manifest, false)).isInstanceOf(WriteResult.Stored.class);
    }

    private void change(ResourceKey key, int port) {
        await().until(() -> !(store.update(key, _ -> manifest(key, port), false) instanceof WriteResult.Overtaken));
    }

    private static Manifest manifest(ResourceKey key, int port) {
        var spec = Json.readStored("{\"ports\":[{\"port\":" + port + "}]}");
        return new Manifest(key, Optional.empty(), Optional.empty(), Labelling.NONE, spec);
    }

    private static void recreate(Admin admin) throws ExecutionException, InterruptedException {
        var topic = TopicCatalogue.RESOURCES.name();
        admin.deleteTopics(List.of(topic)).all().get();
        // The old one may be there for a moment yet.
        await().ignoreExceptions().until(() -> {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
            return true;
        });
    }

    private static List<String> keys() {
        return records().stream().map(ConsumerRecord::key).distinct().toList();
    }

    private static List<String> liveKeys() {
        var last = new LinkedHashMap<String, ConsumerRecord<String, byte[]>>();
        records().forEach(each -> last.put(each.key(), each));
        return last.values().stream()
                .filter(each -> each.value() != null)
                .map(ConsumerRecord::key)
                .toList();
    }

    private static List<Long> sequences() {
        return records().stream()
                .filter(each -> each.value() != null)
                .map(OrderIT::json)
                .filter(each -> each.has("sequence"))
                .map(each -> each.path("sequence").asLong())
                .toList();
    }

    private static List<ConsumerRecord<String, byte[]>> records() {
        return TopicReader.readAll(TopicCatalogue.RESOURCES.name());
    }

    private static JsonNode json(ConsumerRecord<String, byte[]> record) {
        try {
            return new ObjectMapper().readTree(record.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
