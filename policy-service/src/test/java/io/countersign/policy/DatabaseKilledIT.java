package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.events.TopicCatalogue;
import io.countersign.mesh.distribution.DistributionStatus.Verdict;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.object.Json;
import io.countersign.policy.object.Manifest;
import io.countersign.policy.object.StoredObject;
import io.countersign.policy.object.StoredObject.Labelling;
import io.countersign.policy.storage.ObjectStore;
import io.countersign.policy.storage.WriteResult;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The database dies while what the distributor said is being committed: `-Dsoak.kills` for how often, which
/// `./dev soak` does a hundred times.
@QuarkusTest
@QuarkusTestResource(PolicyEnvironment.class)
class DatabaseKilledIT {
    private static final int KILLS = Integer.getInteger("soak.kills", 1);

    /// Every commit takes so long, so that most kills come within one.
    private static final Duration COMMIT = Duration.ofMillis(50);

    @Inject
    ObjectStore store;

    @Inject
    DataSource data;

    @BeforeEach
    void commitSlowly() throws SQLException {
        execute("alter system set commit_delay = " + COMMIT.toNanos() / 1_000);
        execute("alter system set commit_siblings = 0");
        execute("select pg_reload_conf()");
    }

    @AfterEach
    void commitFast() throws SQLException {
        execute("alter system reset all");
        execute("select pg_reload_conf()");
    }

    @Test
    void conditionsAndTheOutboxGoOnWhenTheDatabaseDiesDuringACommit() throws IOException {
        // Given
        var moments = new Random(16);
        create(ResourceKey.of(ResourceType.NAMESPACE, "", "killed"));
        var key = ResourceKey.of(ResourceType.SERVICE, "killed", "httpbin");
        create(key);
        var object = store.find(key).orElseThrow();
        for (int kill = 1; kill <= KILLS; kill++) {
            var verdict = kill % 2 == 0 ? Verdict.FALSE : Verdict.TRUE;
            // When
            DistributionWriter.say(
                    key, object.uid().toString(), object.version().generation(), verdict);
            LockSupport.parkNanos(moments.nextLong(2 * COMMIT.toNanos()));
            PolicyEnvironment.killDatabase();
            PolicyEnvironment.restartDatabase();
            // Then
            await().atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(said(key)).isEqualTo(verdict.word()));
        }
        var last = ResourceKey.of(ResourceType.NAMESPACE, "", "after");
        create(last);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(TopicReader.readAll(TopicCatalogue.RESOURCES.name()))
                        .anyMatch(each -> each.key().equals(last.toString())));
    }

    private String said(ResourceKey key) {
        return store.find(key).map(StoredObject::conditions).orElseThrow().stream()
                .filter(each -> each.type().equals("Distributed"))
                .map(each -> each.status())
                .findFirst()
                .orElse("");
    }

    private void create(ResourceKey key) {
        var spec = key.type() == ResourceType.NAMESPACE ? "{}" : "{\"ports\":[]}";
        var manifest = new Manifest(key, Optional.empty(), Optional.empty(), Labelling.NONE, Json.readStored(spec));
        assertThat(store.create(manifest, false)).isInstanceOf(WriteResult.Stored.class);
    }

    private void execute(String sql) throws SQLException {
        try (var connection = data.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
