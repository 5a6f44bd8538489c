package io.countersign.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.countersign.events.RecordOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/// On the Kafka client's own in-memory producer, with the faults of a real one.
class TransactionalSinkTest {
    private static final List<OutboxRecord> RECORDS =
            List.of(new OutboxRecord(1, "topic", "a", new byte[] {1}), new OutboxRecord(2, "other", "b", null));

    private static final UUID HISTORY = UUID.randomUUID();

    private final List<InMemoryProducer> opened = new ArrayList<>();
    private final TransactionalSink sink = new TransactionalSink(this::open);
    private int commitTimeouts;

    @Test
    void publishesABatchInOneTransaction() {
        // When
        sink.publish(HISTORY, RECORDS);
        // Then
        assertThat(opened).hasSize(1);
        assertThat(opened.getFirst().commitCount()).isEqualTo(1);
        assertThat(opened.getFirst().history())
                .extracting(ProducerRecord::topic, ProducerRecord::key, ProducerRecord::value)
                .containsExactly(tuple("topic", "a", new byte[] {1}), tuple("other", "b", null));
    }

    @Test
    void saysOfEachRecordWhichHistoryItIsOf() {
        // When
        sink.publish(HISTORY, RECORDS);
        // Then
        assertThat(opened.getFirst().history())
                .extracting(each -> RecordOrigin.read(
                        name -> each.headers().lastHeader(name).value()))
                .containsExactly(origin(RECORDS.getFirst()), origin(RECORDS.getLast()));
    }

    private static Optional<RecordOrigin> origin(OutboxRecord row) {
        return Optional.of(
                new RecordOrigin(HISTORY.toString(), row.id(), row.token().toString()));
    }

    /// A new producer could only send all of it twice.
    @Test
    void asksTheSameProducerAgainWhenACommitTimedOut() {
        // Given
        commitTimeouts = 3;
        // When
        sink.publish(HISTORY, RECORDS);
        // Then
        assertThat(opened).hasSize(1);
        assertThat(opened.getFirst().commitCount()).isEqualTo(1);
        assertThat(opened.getFirst().history()).hasSize(2);
    }

    @Test
    void takesAnotherProducerAfterAnyOtherFailure() {
        // Given
        sink.open();
        opened.getFirst().fenceProducer();
        // When / Then
        assertThatThrownBy(() -> sink.publish(HISTORY, RECORDS)).isInstanceOf(ProducerFencedException.class);
        assertThat(opened.getFirst().closed()).isTrue();
        // When
        sink.publish(HISTORY, RECORDS);
        // Then
        assertThat(opened).hasSize(2);
        assertThat(opened.getLast().history()).hasSize(2);
    }

    @Test
    void commitsNothingWhenARecordWasRefused() {
        // Given
        sink.open();
        opened.getFirst().sendException = new TimeoutException("no such topic");
        // When / Then
        assertThatThrownBy(() -> sink.publish(HISTORY, RECORDS)).hasMessage("no such topic");
        assertThat(opened.getFirst().commitCount()).isZero();
    }

    private Producer<String, byte[]> open() {
        var producer = new InMemoryProducer();
        opened.add(producer);
        return producer;
    }

    private final class InMemoryProducer extends MockProducer<String, byte[]> {
        InMemoryProducer() {
            super(true, null, new StringSerializer(), new ByteArraySerializer());
        }

        @Override
        public void commitTransaction() {
            if (commitTimeouts-- > 0) {
                throw new TimeoutException("no answer");
            }
            super.commitTransaction();
        }
    }
}
