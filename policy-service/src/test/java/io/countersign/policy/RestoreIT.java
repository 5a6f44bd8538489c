package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.events.RecordOrigin;
import io.countersign.events.TopicCatalogue;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.outbox.Outbox;
import io.countersign.policy.object.Json;
import io.countersign.policy.object.Manifest;
import io.countersign.policy.object.StoredObject.Labelling;
import io.countersign.policy.storage.ObjectStore;
import io.countersign.policy.storage.WriteResult;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/// A database that was restored from a backup, and then written to past the last number that its topic holds.
@QuarkusTest
@QuarkusTestResource(PolicyEnvironment.class)
class RestoreIT {
    private static final ResourceKey KEPT = ResourceKey.of(ResourceType.SERVICE, "restored", "kept");
    private static final ResourceKey LOST = ResourceKey.of(ResourceType.SERVICE, "restored", "lost");
    private static final ResourceKey LATER = ResourceKey.of(ResourceType.SERVICE, "restored", "later");

    @Inject
    ObjectStore store;

    @Inject
    Outbox outbox;

    @Inject
    DataSource database;

    @TestHTTPResource(value = "/", tls = true)
    URI server;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Test
    void publishesNothingOfARestoredDatabaseUntilSomebodyDecides() throws Exception {
        // Given
        create(ResourceKey.of(ResourceType.NAMESPACE, "", "restored"));
        create(KEPT);
        awaitPublished();
        var backups = new Backups(database);
        backups.take("older");
        create(LOST);
        change(KEPT, 2);
        awaitPublished();
        backups.take("newer");
        var published = records();

        // When: the same history id, and higher numbers than the topic's
        restoreAndWriteOn(backups);

        // Then
        await().untilAsserted(() -> assertThat(outbox.history()).isEmpty());
        assertThat(health()).contains("\"DOWN\"", "csign mesh adopt", TopicCatalogue.RESOURCES.name());
        assertThat(records()).hasSameSizeAs(published);

        // When: the newer one is put back
        backups.restore("newer");

        // Then: it goes on by itself
        await().untilAsserted(() -> assertThat(outbox.history()).isPresent());
        assertThat(health()).contains("\"UP\"").doesNotContain("\"DOWN\"");
        change(KEPT, 3);
        awaitPublished();

        // When: it is decided for the older one
        restoreAndWriteOn(backups);
        await().untilAsserted(() -> assertThat(outbox.history()).isEmpty());
        var before = records().size();
        var admin = Kubectl.of(server.getPort(), PolicyEnvironment.ADMIN_TOKEN);
        var reader = Kubectl.of(server.getPort(), PolicyEnvironment.READER_TOKEN);
        var preview = admin.run("get", "--raw", "/v1/history").output();
        var denied = reader.run("create", "--raw", "/v1/history/adoption", "-f", "/dev/null");
        var shown = records().size();
        var adopted = admin.run("create", "--raw", "/v1/history/adoption", "-f", "/dev/null");

        // Then
        assertThat(preview)
                .contains(difference(LOST, "WITHDRAWN"), difference(KEPT, "CHANGED"), difference(LATER, "ADDED"));
        assertThat(denied.output()).contains("Forbidden");
        assertThat(shown).isEqualTo(before);
        assertThat(adopted.exitCode()).as(adopted.output()).isZero();
        awaitPublished();
        var live = live();
        assertThat(live)
                .containsKeys(KEPT.toString(), LATER.toString(), TopicCatalogue.MESH_KEY)
                .doesNotContainKey(LOST.toString());
        assertThat(live.get(KEPT.toString()).value())
                .asString(StandardCharsets.UTF_8)
                .contains("\"port\":7");
        assertThat(live.values()).extracting(RestoreIT::history).containsOnly(history(live.get(KEPT.toString())));
        assertThat(history(live.get(KEPT.toString()))).isNotEqualTo(history(published.getLast()));
        assertThat(records().stream().map(RestoreIT::sequence)).isSorted().doesNotHaveDuplicates();
        assertThat(health()).contains("\"UP\"").doesNotContain("\"DOWN\"");
    }

    private void restoreAndWriteOn(Backups backups) throws SQLException {
        backups.restore("older");
        create(LATER);
        var highest = sequence(records().getLast());
        for (var port = 1; store.newestSequence() <= highest + 1; port++) {
            change(LATER, port);
        }
        change(KEPT, 7);
    }

    private static String difference(ResourceKey key, String effect) {
        return "{\"topic\":\"countersign.resources\",\"key\":\"%s\",\"effect\":\"%s\"}".formatted(key, effect);
    }

    private void create(ResourceKey key) {
        var spec = key.type() == ResourceType.NAMESPACE ? "{}" : "{\"ports\":[]}";
        assertThat(store.create(manifest(key, spec), false)).isInstanceOf(WriteResult.Stored.class);
    }

    private void change(ResourceKey key, int port) {
        var spec = "{\"ports\":[{\"port\":" + port + "}]}";
        await().until(() -> !(store.update(key, _ -> manifest(key, spec), false) instanceof WriteResult.Overtaken));
    }

    private static Manifest manifest(ResourceKey key, String spec) {
        return new Manifest(key, Optional.empty(), Optional.empty(), Labelling.NONE, Json.readStored(spec));
    }

    private void awaitPublished() {
        await().untilAsserted(() -> {
            try (var connection = database.getConnection();
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery("select count(*) from outbox")) {
                rows.next();
                assertThat(rows.getInt(1)).isZero();
            }
        });
    }

    private static Map<String, ConsumerRecord<String, byte[]>> live() {
        var live = new LinkedHashMap<String, ConsumerRecord<String, byte[]>>();
        records().forEach(each -> live.put(each.key(), each));
        live.values().removeIf(each -> each.value() == null);
        return live;
    }

    private static List<ConsumerRecord<String, byte[]>> records() {
        return TopicReader.readAll(TopicCatalogue.RESOURCES.name());
    }

    private static String history(ConsumerRecord<String, byte[]> published) {
        return origin(published).history();
    }

    private static long sequence(ConsumerRecord<String, byte[]> published) {
        return origin(published).sequence();
    }

    private static RecordOrigin origin(ConsumerRecord<String, byte[]> published) {
        return RecordOrigin.read(name -> published.headers().lastHeader(name).value())
                .orElseThrow();
    }

    private String health() throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(management.resolve("/q/health/well"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }
}
