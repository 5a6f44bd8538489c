package io.countersign.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.outbox.HistoryGuard.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxRelayTest {
    private static final RelaySettings NEVER_POLLS =
            new RelaySettings("test", 3, Duration.ofHours(1), Duration.ofMillis(5));

    private final InMemoryStore store = new InMemoryStore();
    private final RecordingSink sink = new RecordingSink();
    private final InMemoryTopic topic = new InMemoryTopic();
    private final HistoryGuard guard = new HistoryGuard(store, () -> topic, () -> List.of("topic"));
    private final OutboxRelay relay = new OutboxRelay(store, sink, NEVER_POLLS, guard, () -> {});
    private final Thread thread = Thread.ofVirtual().unstarted(relay);

    @AfterEach
    void stop() throws InterruptedException {
        relay.stop();
        thread.join();
    }

    @Test
    void publishesWhatWasLeftInBoundedBatchesInTheOrderOfTheIds() {
        // Given
        store.commit(1, 2, 3, 4, 5, 6, 7);
        // When
        thread.start();
        // Then
        await().untilAsserted(() -> assertThat(store.rows).isEmpty());
        assertThat(sink.batches).containsExactly(List.of(1L, 2L, 3L), List.of(4L, 5L, 6L), List.of(7L));
    }

    @Test
    void publishesAtOnceWhenNudged() {
        // Given
        thread.start();
        await().untilAsserted(() -> assertThat(store.reads).hasPositiveValue());
        // When
        store.commit(1);
        relay.nudge();
        // Then
        await().untilAsserted(() -> assertThat(sink.batches).containsExactly(List.of(1L)));
    }

    @Test
    void findsWhatNobodyNudgedFor() throws InterruptedException {
        // Given
        var polling = new OutboxRelay(
                store,
                sink,
                new RelaySettings("test", 3, Duration.ofMillis(10), Duration.ofMillis(5)),
                guard,
                () -> {});
        var pollingThread = Thread.startVirtualThread(polling);
        await().untilAsserted(() -> assertThat(store.reads).hasPositiveValue());
        // When
        store.commit(1);
        // Then
        await().untilAsserted(() -> assertThat(sink.batches).containsExactly(List.of(1L)));
        polling.stop();
        pollingThread.join();
    }

    @Test
    void startsAgainAtTheOldestRecordAfterAFailure() {
        // Given
        sink.failuresLeft.set(Integer.MAX_VALUE);
        store.commit(1, 2);
        // When
        thread.start();
        await().untilAsserted(() -> assertThat(sink.failuresLeft).hasValueLessThan(Integer.MAX_VALUE - 3));
        store.commit(3, 4);
        relay.nudge();
        sink.failuresLeft.set(0);
        // Then
        await().untilAsserted(() -> assertThat(store.rows).isEmpty());
        assertThat(sink.batches.stream().flatMap(List::stream)).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void keepsTheRowsOfABatchThatWasNotPublished() {
        // Given
        sink.failuresLeft.set(Integer.MAX_VALUE);
        store.commit(1, 2);
        // When
        thread.start();
        await().untilAsserted(() -> assertThat(sink.failuresLeft).hasValueLessThan(Integer.MAX_VALUE - 3));
        // Then
        assertThat(store.rows).hasSize(2);
    }

    @Test
    void enduresATableThatCannotBeRead() {
        // Given
        store.failuresLeft.set(3);
        store.commit(1);
        // When
        thread.start();
        // Then
        await().untilAsserted(() -> assertThat(sink.batches).containsExactly(List.of(1L)));
    }

    @Test
    void closesTheSinkWhenItStops() throws InterruptedException {
        // Given
        thread.start();
        // When
        relay.stop();
        thread.join();
        // Then
        assertThat(sink.closed).isTrue();
    }

    /// A restored database has another row under the number that the topic ends with, and others beyond it.
    @Test
    void publishesNothingWhileTheTopicIsOfAnotherHistoryAndGoesOnWhenItIsItsOwn() {
        // Given
        var theirs = new OutboxRecord(3, "topic", "key", null);
        topic.add(theirs, store.history);
        store.commit(1, 2, 3, 4, 5);
        // When
        thread.start();
        // Then
        await().untilAsserted(() -> assertThat(guard.standing()).isInstanceOf(Standing.Doubtful.class));
        assertThat(guard.standing().toString())
                .contains("topic ends with record 3 of history " + store.history, "csign mesh adopt");
        assertThat(sink.batches).isEmpty();
        assertThat(store.rows).hasSize(5);
        // When
        store.remember(theirs);
        // Then
        await().untilAsserted(() -> assertThat(store.rows).isEmpty());
        assertThat(guard.standing()).isEqualTo(new Standing.Own(store.history));
    }

    private static final class InMemoryStore implements OutboxStore, Past {
        private final UUID history = UUID.randomUUID();
        private final Map<String, Lineage.Published> published = new ConcurrentHashMap<>();
        private final List<OutboxRecord> rows = new CopyOnWriteArrayList<>();
        private final AtomicInteger reads = new AtomicInteger();
        private final AtomicInteger failuresLeft = new AtomicInteger();

        void commit(long... ids) {
            for (var id : ids) {
                rows.add(new OutboxRecord(id, "topic", "key", new byte[0]));
            }
        }

        @Override
        public boolean hasTurn() {
            return true;
        }

        @Override
        public Set<String> unpublishedKeys(String topic) {
            return Set.of();
        }

        @Override
        public void close() {}

        @Override
        public List<OutboxRecord> oldest(UUID asked, int limit) {
            assertThat(asked).isEqualTo(history);
            reads.incrementAndGet();
            if (failuresLeft.getAndDecrement() > 0) {
                throw new OutboxUnavailable("outbox table: 57P03", new IllegalStateException());
            }
            return new ArrayList<>(rows.stream().limit(limit).toList());
        }

        @Override
        public void delete(List<OutboxRecord> gone) {
            rows.removeAll(gone);
            gone.forEach(this::remember);
        }

        void remember(OutboxRecord row) {
            published.put(row.topic(), new Lineage.Published(row.id(), row.token()));
        }

        @Override
        public Lineage lineage() {
            return new Lineage(history, published);
        }

        @Override
        public boolean holds(String topic, String token) {
            return rows.stream().anyMatch(each -> each.token().toString().equals(token));
        }
    }

    private static final class RecordingSink implements RecordSink {
        private final List<List<Long>> batches = new CopyOnWriteArrayList<>();
        private final AtomicInteger failuresLeft = new AtomicInteger();
        private volatile boolean closed;

        @Override
        public boolean open() {
            return batches.isEmpty();
        }

        @Override
        public void publish(UUID history, List<OutboxRecord> records) {
            if (failuresLeft.getAndDecrement() > 0) {
                throw new IllegalStateException("bus is away");
            }
            batches.add(records.stream().map(OutboxRecord::id).toList());
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
