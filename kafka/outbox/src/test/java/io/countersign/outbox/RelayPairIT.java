package io.countersign.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.EmbeddedBroker;
import io.countersign.events.Topic;
import io.countersign.events.TopicCatalogue;
import io.countersign.outbox.HistoryGuard.Standing;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two relays of one role, as of two replicas, on a real database and a real broker.
class RelayPairIT {
    private static final String TOPIC = TopicCatalogue.RESOURCES.name();
    private static final RelaySettings SETTINGS =
            new RelaySettings("countersign-test", 4, Duration.ofMillis(10), Duration.ofMillis(20));

    private final List<Replica> replicas = new ArrayList<>();
    private static EmbeddedPostgres postgres;
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(1))
                .start();
        broker = EmbeddedBroker.start(BrokerSettings.open(folder));
    }

    @AfterAll
    static void stop() throws IOException {
        broker.close();
        postgres.close();
    }

    @BeforeEach
    void beginAnew() throws IOException, SQLException {
        execute("drop table if exists outbox, outbox_history, outbox_published");
        execute("drop sequence if exists outbox_sequence");
        try (var admin = Admin.create(broker.administratorProperties())) {
            recreate(admin);
        }
        for (var part : List.of("V0.1__outbox.sql", "V0.2__history.sql")) {
            try (var schema = getClass().getResourceAsStream("/db/outbox/" + part)) {
                execute(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    @AfterEach
    void stopReplicas() throws InterruptedException {
        for (var replica : replicas) {
            replica.stop();
        }
    }

    @Test
    void oneOfThemPublishesAndTheOtherTakesOverWhenItIsGone() throws SQLException, InterruptedException {
        // Given
        var first = replica();
        await().untilAsserted(() -> assertThat(first.opened).hasPositiveValue());
        var second = replica();
        // When
        for (var row = 0; row < 30; row++) {
            commit();
        }
        // Then
        await().untilAsserted(() -> assertThat(published()).hasSize(30));
        await().untilAsserted(() -> assertThat(second.asked).hasValueGreaterThan(3));
        assertThat(published())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 30).mapToObj(Integer::toString).toList());
        assertThat(second.opened).hasValue(0);
        assertThat(second.guard.standing()).isEqualTo(first.guard.standing()).isInstanceOf(Standing.Own.class);
        assertThat(first.failures).hasValue(0);
        // When
        first.stop();
        commit();
        // Then
        await().untilAsserted(() -> assertThat(published()).hasSize(31).endsWith("31"));
    }

    @Test
    void goOnWhenTheDatabaseEndsTheSessionOfTheOneThatPublishes() throws SQLException {
        // Given
        replica();
        replica();
        for (var round = 1; round <= 5; round++) {
            commit();
            var rows = round;
            await().untilAsserted(() -> assertThat(published()).hasSizeGreaterThanOrEqualTo(rows));
            // When
            execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'");
        }
        commit();
        // Then
        await().untilAsserted(() -> assertThat(published()).endsWith("6").isSorted());
    }

    @Test
    void fillATopicThatWasLostWhileNoneOfThemRan() throws SQLException, InterruptedException {
        // Given
        var owner = new Owner();
        owner.republish();
        try (var admin = Admin.create(broker.administratorProperties())) {
            var first = replica(watch(owner, admin));
            await().untilAsserted(() -> assertThat(published()).containsExactly("a", "b"));
            var again = replica(watch(owner, admin));
            first.stop();
            await().untilAsserted(() -> assertThat(again.opened).hasPositiveValue());
            again.stop();
            assertThat(owner.calls).isOne();
            // When
            recreate(admin);
            commit();
            replica(watch(owner, admin));
            // Then
            await().untilAsserted(() -> assertThat(published()).containsExactly("3", "a", "b"));
        }
    }

    private static Function<OutboxStore, Runnable> watch(Owner owner, Admin admin) {
        return store -> new TopicWatch(List.of(owner), new BusTopics.Asked(admin), store)::poll;
    }

    private static void recreate(Admin admin) {
        await().ignoreExceptions().until(() -> {
            admin.deleteTopics(List.of(TOPIC)).all().get();
            return true;
        });
        // The old one may be there for a moment yet.
        await().ignoreExceptions().until(() -> {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
            return true;
        });
    }

    private Replica replica() {
        return replica(_ -> () -> {});
    }

    private Replica replica(Function<OutboxStore, Runnable> topics) {
        var replica = new Replica(topics);
        replicas.add(replica);
        replica.thread.start();
        return replica;
    }

    private static void commit() throws SQLException {
        execute("insert into outbox select id, '" + TOPIC + "', id::text, 'x' from nextval('outbox_sequence') id");
    }

    private static void execute(String sql) throws SQLException {
        try (var connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> published() {
        var properties = new HashMap<>(broker.administratorProperties());
        properties.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partition = new TopicPartition(TOPIC, Topic.PARTITION);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var end = consumer.endOffsets(List.of(partition)).get(partition);
            var keys = new ArrayList<String>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(each -> keys.add(each.key()));
            }
            return keys;
        }
    }

    private static final class Owner implements TopicOwner {
        private int calls;

        @Override
        public String topic() {
            return TOPIC;
        }

        @Override
        public Set<String> keys() {
            return Set.of("a", "b");
        }

        @Override
        public void republish() {
            calls++;
            try {
                for (var key : List.of("a", "b")) {
                    execute("insert into outbox values (nextval('outbox_sequence'), '" + TOPIC + "', '" + key + "')");
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// One relay with its own sessions and producer, and what it did.
    private final class Replica {
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger opened = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();
        private final PublishedTopics held = new ConsumedTopics(broker.administratorProperties());
        private final HistoryGuard guard;
        private final OutboxRelay relay;
        private final Thread thread;

        Replica(Function<OutboxStore, Runnable> topics) {
            var store = new Store();
            guard = new HistoryGuard(new OutboxTable(postgres.getPostgresDatabase()), () -> held, () -> List.of(TOPIC));
            relay = new OutboxRelay(store, new Sink(), SETTINGS, guard, topics.apply(store));
            thread = Thread.ofVirtual().unstarted(relay);
        }

        void stop() throws InterruptedException {
            relay.stop();
            thread.join();
            held.close();
        }

        private final class Store implements OutboxStore {
            private final OutboxTurn turn = new OutboxTurn(postgres.getPostgresDatabase(), SETTINGS.turnTimeout());

            @Override
            public boolean hasTurn() {
                asked.incrementAndGet();
                return turn.hasTurn();
            }

            @Override
            public List<OutboxRecord> oldest(UUID history, int limit) {
                return turn.oldest(history, limit);
            }

            @Override
            public Set<String> unpublishedKeys(String topic) {
                return turn.unpublishedKeys(topic);
            }

            @Override
            public void delete(List<OutboxRecord> published) {
                turn.delete(published);
            }

            @Override
            public void close() {
                turn.close();
            }
        }

        private final class Sink implements RecordSink {
            private final TransactionalSink bus =
                    new TransactionalSink(broker.administratorProperties(), SETTINGS.transactionalId());

            @Override
            public void publish(UUID history, List<OutboxRecord> records) {
                try {
                    bus.publish(history, records);
                } catch (RuntimeException e) {
                    failures.incrementAndGet();
                    throw e;
                }
            }

            @Override
            public boolean open() {
                var anew = bus.open();
                opened.incrementAndGet();
                return anew;
            }

            @Override
            public void close() {
                bus.close();
            }
        }
    }
}
