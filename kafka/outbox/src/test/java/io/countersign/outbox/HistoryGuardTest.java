package io.countersign.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.outbox.HistoryGuard.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HistoryGuardTest {
    private static final UUID HISTORY = UUID.randomUUID();

    private final Database database = new Database();
    private final InMemoryTopic topic = new InMemoryTopic();
    private final HistoryGuard guard = new HistoryGuard(database, () -> topic, () -> List.of("topic"));

    @Test
    void agreesWithATopicThatEndsWithItsLastRecord() {
        // Given
        topic.add(row(1), HISTORY);
        topic.add(database.published(row(2)), HISTORY);
        // When / Then
        assertThat(guard.require()).isEqualTo(HISTORY);
        assertThat(guard.standing()).isEqualTo(new Standing.Own(HISTORY));
    }

    @Test
    void agreesWithANewTopic() {
        assertThat(guard.require()).isEqualTo(HISTORY);
    }

    /// The process died after the bus had the batch, and before the table knew it.
    @Test
    void agreesWithATopicThatEndsWithARowThatWasNotForgottenYet() {
        // Given
        topic.add(database.published(row(1)), HISTORY);
        topic.add(database.waiting(row(2)), HISTORY);
        // When / Then
        assertThat(guard.require()).isEqualTo(HISTORY);
    }

    /// What came last was a tombstone, and nothing of it is left.
    @Test
    void agreesWithATopicThatEndsBelowItsLastRecord() {
        // Given
        topic.add(row(1), HISTORY);
        database.published(row(2));
        // When / Then
        assertThat(guard.require()).isEqualTo(HISTORY);
    }

    @Test
    void refusesATopicThatGoesOnBeyondWhatItPublished() {
        // Given
        topic.add(database.published(row(1)), HISTORY);
        topic.add(row(2), HISTORY);
        // When / Then
        assertThatThrownBy(guard::require)
                .isInstanceOf(HistoryDoubtful.class)
                .hasMessageContaining("topic ends with record 2")
                .hasMessageContaining("expected: 1 of " + HISTORY);
    }

    /// The restored database was written to past the mark, and has a row of the same number, topic and key.
    @Test
    void refusesATopicWhoseLastNumberItHasGivenToAnotherRow() {
        // Given
        topic.add(database.published(row(1)), HISTORY);
        topic.add(row(2), HISTORY);
        database.waiting(row(2));
        database.waiting(row(3));
        // When / Then
        assertThatThrownBy(guard::require).isInstanceOf(HistoryDoubtful.class);
        assertThatThrownBy(guard::require).isInstanceOf(HistoryDoubtful.class);
        assertThat(guard.standing()).isInstanceOf(Standing.Doubtful.class);
    }

    @Test
    void refusesATopicOfAnotherDatabase() {
        // Given
        topic.add(row(1), UUID.randomUUID());
        // When / Then
        assertThatThrownBy(guard::require).hasMessageContaining("expected: none");
    }

    @Test
    void agreesWithWhatAnOlderVersionWroteUnlessItHasPublishedSince() {
        // Given
        topic.addWithoutOrigin("key");
        // When / Then
        assertThat(guard.require()).isEqualTo(HISTORY);
        // When
        database.published(row(1));
        // Then
        assertThatThrownBy(guard::require).hasMessageContaining("without an origin");
    }

    /// As a restore under a process that goes on does it.
    @Test
    void looksAgainWhenTheDatabaseSaysSomethingElse() {
        // Given
        topic.add(database.published(row(1)), HISTORY);
        guard.require();
        var second = database.published(row(2));
        topic.add(second, HISTORY);
        guard.published(List.of(second));
        // When
        database.restoreTo(Map.of());
        // Then
        assertThatThrownBy(guard::require).isInstanceOf(HistoryDoubtful.class);
    }

    private static OutboxRecord row(long id) {
        return new OutboxRecord(id, "topic", "key", null);
    }

    private static final class Database implements Past {
        private final Map<String, Lineage.Published> published = new HashMap<>();
        private final List<OutboxRecord> rows = new ArrayList<>();

        OutboxRecord published(OutboxRecord row) {
            published.put(row.topic(), new Lineage.Published(row.id(), row.token()));
            return row;
        }

        OutboxRecord waiting(OutboxRecord row) {
            rows.add(row);
            return row;
        }

        void restoreTo(Map<String, Lineage.Published> before) {
            published.clear();
            published.putAll(before);
        }

        @Override
        public Lineage lineage() {
            return new Lineage(HISTORY, published);
        }

        @Override
        public boolean holds(String topic, String token) {
            return rows.stream().anyMatch(each -> each.token().toString().equals(token));
        }
    }
}
