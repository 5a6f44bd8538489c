package io.countersign.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class TopicWatchTest {
    private static final Uuid FIRST = new Uuid(1, 1);
    private static final Uuid SECOND = new Uuid(2, 2);

    private final CountingOwner owner = new CountingOwner();
    private KafkaFuture<Uuid> answer = KafkaFuture.completedFuture(FIRST);
    private final Bus bus = new Bus();
    private final Unpublished unpublished = new Unpublished();
    private final TopicWatch watch = new TopicWatch(List.of(owner), bus, unpublished);

    @Test
    void leavesATopicAloneThatStaysTheSame() {
        // When
        polls(4);
        // Then
        assertThat(owner.calls).isZero();
    }

    @Test
    void letsTheOwnerRepublishOnceWhenItsTopicWasMadeAnew() {
        // Given
        polls(2);
        // When
        answer = KafkaFuture.completedFuture(SECOND);
        polls(4);
        // Then
        assertThat(owner.calls).isOne();
    }

    @Test
    void takesAMissingTopicForNothingUntilItIsThereAgain() {
        // Given
        polls(2);
        // When
        var missing = new KafkaFutureImpl<Uuid>();
        missing.completeExceptionally(new UnknownTopicOrPartitionException("topic"));
        answer = missing;
        polls(3);
        // Then
        assertThat(owner.calls).isZero();
        // When
        answer = KafkaFuture.completedFuture(SECOND);
        polls(2);
        // Then
        assertThat(owner.calls).isOne();
    }

    @Test
    void asksTheOwnerAgainThatFailed() {
        // Given
        polls(2);
        answer = KafkaFuture.completedFuture(SECOND);
        polls(1);
        owner.failuresLeft = 1;
        // When / Then
        assertThatThrownBy(() -> polls(1)).hasMessage("database is away");
        // When
        polls(2);
        // Then
        assertThat(owner.calls).isEqualTo(2);
    }

    @Test
    void letsTheOwnerRepublishWhenItsTopicIsEmptyAtTheStart() {
        // Given
        bus.empty = true;
        // When
        polls(4);
        // Then
        assertThat(owner.calls).isOne();
    }

    @Test
    void leavesAnEmptyTopicToTheRecordsThatAreOnTheirWay() {
        // Given
        bus.empty = true;
        unpublished.keys = Set.of("a", "b", "c");
        // When
        polls(4);
        // Then
        assertThat(owner.calls).isZero();
        // Given
        unpublished.keys = Set.of("a");
        var other = new TopicWatch(List.of(owner), bus, unpublished);
        // When
        other.poll();
        // Then
        assertThat(owner.calls).isOne();
    }

    @Test
    void letsNothingBePublishedBeforeItHasLooked() {
        // Given
        var missing = new KafkaFutureImpl<Uuid>();
        missing.completeExceptionally(new UnknownTopicOrPartitionException("topic"));
        answer = missing;
        // When / Then
        assertThatThrownBy(watch::poll).isInstanceOf(UnknownTopicOrPartitionException.class);
        // Given
        answer = KafkaFuture.completedFuture(FIRST);
        bus.empty = true;
        owner.failuresLeft = 1;
        // When / Then
        assertThatThrownBy(watch::poll).hasMessage("database is away");
        // When
        polls(3);
        // Then
        assertThat(owner.calls).isEqualTo(2);
    }

    private void polls(int times) {
        for (var i = 0; i < times; i++) {
            watch.poll();
        }
    }

    private final class Bus implements BusTopics {
        private boolean empty;

        @Override
        public Map<String, KafkaFuture<Uuid>> ids(Collection<String> topics) {
            return Map.of("topic", answer);
        }

        @Override
        public boolean isEmpty(String topic) {
            return empty;
        }
    }

    private static final class Unpublished implements OutboxStore {
        private Set<String> keys = Set.of();

        @Override
        public Set<String> unpublishedKeys(String topic) {
            return keys;
        }

        @Override
        public boolean hasTurn() {
            return true;
        }

        @Override
        public List<OutboxRecord> oldest(UUID history, int limit) {
            return List.of();
        }

        @Override
        public void delete(List<OutboxRecord> published) {}

        @Override
        public void close() {}
    }

    private static final class CountingOwner implements TopicOwner {
        private int calls;
        private int failuresLeft;

        @Override
        public String topic() {
            return "topic";
        }

        @Override
        public Set<String> keys() {
            return Set.of("a", "b");
        }

        @Override
        public void republish() {
            calls++;
            if (failuresLeft-- > 0) {
                throw new IllegalStateException("database is away");
            }
        }
    }
}
