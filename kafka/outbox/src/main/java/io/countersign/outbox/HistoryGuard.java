package io.countersign.outbox;

import io.countersign.outbox.PublishedTopics.PublishedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lets nothing be published before the topics end with what this database has published last. The end is known by a
/// token that only the row had which it came from: a database that was restored does not have it, however much was
/// written to it since, and however high its numbers are.
///
/// Whoever opened the role's producer last is the only one that writes; so the topics are looked at once after each
/// opening, and again when the database says something else of its past than it did. Owned by the relay's thread, but
/// [#standing()].
final class HistoryGuard {
    private final Past past;
    private final Supplier<PublishedTopics> topics;
    private final Supplier<List<String>> owned;
    private @Nullable Lineage agreed;
    private volatile Standing standing = new Standing.Unknown();

    /// What is known of the database and its topics.
    sealed interface Standing {
        /// The bus or the database could not be asked yet.
        record Unknown() implements Standing {}

        /// The topics are this database's.
        ///
        /// @param history its id
        record Own(UUID history) implements Standing {}

        /// They are not, or not all of them.
        record Doubtful(String reason) implements Standing {}
    }

    /// @param owned the topics that this service writes
    HistoryGuard(Past past, Supplier<PublishedTopics> topics, Supplier<List<String>> owned) {
        this.past = past;
        this.topics = topics;
        this.owned = owned;
    }

    /// Somebody else may have written: the next [#require] looks at the topics.
    void forget() {
        agreed = null;
    }

    /// Finds out how things stand for a relay that does not publish.
    ///
    /// @throws HistoryDoubtful when this database may not publish
    void look() {
        forget();
        require();
    }

    /// Returns when this database may publish.
    ///
    /// @return the history that it publishes
    /// @throws HistoryDoubtful when it may not
    UUID require() {
        var lineage = past.lineage();
        if (lineage.equals(agreed)) {
            return lineage.history();
        }
        var names = new TreeSet<>(owned.get());
        names.addAll(lineage.published().keySet());
        var problems = new ArrayList<String>();
        for (var topic : names) {
            topics.get().last(topic).flatMap(last -> problem(topic, last)).ifPresent(problems::add);
        }
        if (!problems.isEmpty()) {
            var reason = String.join("; ", problems)
                    + ": restore the newer database, or decide for this one with csign mesh adopt";
            agreed = null;
            standing = new Standing.Doubtful(reason);
            throw new HistoryDoubtful(reason);
        }
        agreed = lineage;
        standing = new Standing.Own(lineage.history());
        return lineage.history();
    }

    /// These are on the topics now, and the database knows it.
    void published(List<OutboxRecord> records) {
        var before = agreed;
        agreed = before == null ? null : before.after(records);
    }

    /// For any thread.
    Standing standing() {
        return standing;
    }

    /// Asks for the row before it asks for what is remembered: another relay may be at it, and what was on the topic is
    /// one or the other.
    private Optional<String> problem(String topic, PublishedRecord last) {
        var waits = last.origin()
                .filter(origin -> past.holds(topic, origin.token()))
                .isPresent();
        if (waits) {
            return Optional.empty();
        }
        var lineage = past.lineage();
        var own = lineage.published().get(topic);
        if (last.origin().isEmpty()) {
            // From before there were origins, and so before this database knew what it had published.
            return own == null
                    ? Optional.empty()
                    : Optional.of(topic + " ends with a record without an origin (expected: record " + own.id() + ")");
        }
        var origin = last.origin().get();
        if (own != null) {
            // Below our own last record: what came after it was a tombstone, whose time was over.
            var compacted = origin.history().equals(lineage.history().toString()) && origin.sequence() < own.id();
            if (compacted || origin.token().equals(own.token().toString())) {
                return Optional.empty();
            }
        }
        return Optional.of("%s ends with record %d of history %s, which this database does not know (expected: %s)"
                .formatted(
                        topic,
                        origin.sequence(),
                        origin.history(),
                        own == null ? "none" : own.id() + " of " + lineage.history()));
    }
}
