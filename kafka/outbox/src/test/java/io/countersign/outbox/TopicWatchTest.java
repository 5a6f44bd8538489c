package io.countersign.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
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
    private final TopicWatch watch = new TopicWatch(List.of(owner), () -> Map.of("topic", answer));

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

    private void polls(int times) {
        for (var i = 0; i < times; i++) {
            watch.poll();
        }
    }

    private static final class CountingOwner implements TopicOwner {
        private int calls;
        private int failuresLeft;

        @Override
        public String topic() {
            return "topic";
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
