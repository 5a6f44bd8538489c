package io.countersign.follower;

/// How far a topic has been read. Positions are comparable only under one topic id: a topic that was deleted and
/// created anew counts from 0 again under another id.
///
/// @param topicId Kafka's id of the topic, as Kafka prints it
/// @param offset the next offset to be read; transaction markers count, so that it reaches the topic's end offset
public record TopicPosition(String topicId, long offset) {
    public TopicPosition {
        if (offset < 0) {
            throw new IllegalArgumentException("topic position: " + offset + " (expected: >= 0)");
        }
    }
}
