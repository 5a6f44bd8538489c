package io.countersign.outbox;

import java.util.List;

/// What an adoption changes on the topics, or would change.
///
/// @param history the new history's id; of a preview one that nobody will see
/// @param doubt why nothing is published without it; empty when the topics are this database's
/// @param differences between what the topics held and what the database has
public record AdoptionReport(String history, String doubt, List<Difference> differences) {
    public AdoptionReport {
        differences = List.copyOf(differences);
    }

    /// What becomes of one key.
    public enum Effect {
        /// Only the database has it.
        ADDED,
        /// Both have it, and not the same of it.
        CHANGED,
        /// Only the topic has it.
        WITHDRAWN
    }

    /// One key whose record differs.
    public record Difference(String topic, String key, Effect effect) {}
}
