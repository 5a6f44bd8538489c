package io.countersign.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxRelayTest {
    private static final RelaySettings NEVER_POLLS =
            new RelaySettings("test", 3, Duration.ofHours(1), Duration.ofMillis(5));

    private final InMemoryStore store = new InMemoryStore();
    private final RecordingSink sink = new RecordingSink();
    private final OutboxRelay relay = new OutboxRelay(store, sink, NEVER_POLLS, () -> {});
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
                store, sink, new RelaySettings("test", 3, Duration.ofMillis(10), Duration.ofMillis(5)), () -> {});
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

    private static final class InMemoryStore implements OutboxStore {
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
        public List<OutboxRecord> oldest(int limit) {
            reads.incrementAndGet();
            if (failuresLeft.getAndDecrement() > 0) {
                throw new OutboxUnavailable("outbox table: 57P03", new IllegalStateException());
            }
            return new ArrayList<>(rows.stream().limit(limit).toList());
        }

        @Override
        public void delete(List<OutboxRecord> published) {
            rows.removeAll(published);
        }
    }

    private static final class RecordingSink implements RecordSink {
        private final List<List<Long>> batches = new CopyOnWriteArrayList<>();
        private final AtomicInteger failuresLeft = new AtomicInteger();
        private volatile boolean closed;

        @Override
        public void open() {}

        @Override
        public void publish(List<OutboxRecord> records) {
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
