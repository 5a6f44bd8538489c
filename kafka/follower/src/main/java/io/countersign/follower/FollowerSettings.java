package io.countersign.follower;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What to follow, and how.
///
/// @param name of the follower: its thread's and its Kafka client's
/// @param clientProperties how the bus is reached and who we are to it, as Kafka's own clients take it
/// @param topics at least one; partition 0 of each is read
/// @param resumeFrom positions to go on from, for topics that need not be read from their start; one that is not in
///     the topic any more, or is another topic's, is told as a [TopicReset]
/// @param topicCheckInterval how often the topics' ids are asked for, and so how late a replaced topic may be noticed
public record FollowerSettings(
        String name,
        Map<String, Object> clientProperties,
        List<String> topics,
        Map<String, TopicPosition> resumeFrom,
        Duration topicCheckInterval) {
    /// Seldom enough that 2,000 followers cost a broker 400 cheap requests a second.
    public static final Duration DEFAULT_TOPIC_CHECK_INTERVAL = Duration.ofSeconds(5);

    public FollowerSettings {
        clientProperties = Map.copyOf(clientProperties);
        topics = List.copyOf(topics);
        resumeFrom = Map.copyOf(resumeFrom);
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("followed topics: none (expected: at least one)");
        }
        if (!topics.containsAll(resumeFrom.keySet())) {
            throw new IllegalArgumentException(
                    "topics to resume: %s (expected: some of %s)".formatted(resumeFrom.keySet(), topics));
        }
        if (!topicCheckInterval.isPositive()) {
            throw new IllegalArgumentException("topic check interval: " + topicCheckInterval + " (expected: > 0)");
        }
    }

    /// Follows topics from their start.
    public static FollowerSettings of(String name, Map<String, Object> clientProperties, List<String> topics) {
        return new FollowerSettings(name, clientProperties, topics, Map.of(), DEFAULT_TOPIC_CHECK_INTERVAL);
    }

    public FollowerSettings resumingFrom(Map<String, TopicPosition> positions) {
        return new FollowerSettings(name, clientProperties, topics, positions, topicCheckInterval);
    }

    public FollowerSettings withTopicCheckInterval(Duration interval) {
        return new FollowerSettings(name, clientProperties, topics, resumeFrom, interval);
    }

    /// Without the client's properties, which hold a password.
    @Override
    public String toString() {
        return "FollowerSettings[name=%s, topics=%s, resumeFrom=%s, topicCheckInterval=%s]"
                .formatted(name, topics, resumeFrom, topicCheckInterval);
    }
}
