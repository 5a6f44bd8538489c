package io.countersign.distributor.distribution;

/// A place on the config topic that a node must have reached.
///
/// @param topicId Kafka's id of the topic
/// @param offset the offset after the last record that counts
public record ConfigPosition(String topicId, long offset) {
    /// This place, or a later one.
    public ConfigPosition upTo(long other) {
        return other > offset ? new ConfigPosition(topicId, other) : this;
    }
}
