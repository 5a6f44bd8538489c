package io.countersign.follower;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/// Asks for the topics' ids: at once when it must be known, else now and then in the background. Belongs to the
/// follower's thread.
final class TopicIds implements AutoCloseable {
    private final Admin admin;
    private final List<String> topics;
    private final long checkIntervalNanos;
    private long nextCheckNanos;
    private @Nullable KafkaFuture<Map<String, TopicDescription>> pending;
    private Optional<Throwable> failure = Optional.empty();

    TopicIds(Admin admin, List<String> topics, Duration checkInterval) {
        this.admin = admin;
        this.topics = topics;
        this.checkIntervalNanos = checkInterval.toNanos();
    }

    /// Waits for the ids, at most the client's API timeout.
    ///
    /// @throws KafkaException when they cannot be had now
    Map<String, String> read() {
        var ids = idsOf(admin.describeTopics(topics).allTopicNames());
        pending = null;
        nextCheckNanos = System.nanoTime() + checkIntervalNanos;
        return ids;
    }

    /// Starts a check when one is due; the ids when a check has ended well, else nothing. Never waits.
    Map<String, String> poll() {
        var check = pending;
        if (check == null) {
            if (System.nanoTime() - nextCheckNanos >= 0) {
                pending = admin.describeTopics(topics).allTopicNames();
            }
            return Map.of();
        }
        if (!check.isDone()) {
            return Map.of();
        }
        pending = null;
        nextCheckNanos = System.nanoTime() + checkIntervalNanos;
        // A broker that is away, or a topic that is missing for now, says nothing about the ids.
        failure = Optional.ofNullable(
                check.isCompletedExceptionally()
                        ? check.toCompletionStage().toCompletableFuture().exceptionNow()
                        : null);
        return failure.isPresent() ? Map.of() : idsOf(check);
    }

    /// What the last check in the background ended with.
    Optional<Throwable> failure() {
        return failure;
    }

    @Override
    public void close() {
        admin.close(TopicFollower.CLIENT_CLOSE_TIMEOUT);
    }

    private static Map<String, String> idsOf(KafkaFuture<Map<String, TopicDescription>> descriptions) {
        var ids = new HashMap<String, String>();
        KafkaFutures.result(descriptions)
                .forEach((topic, description) ->
                        ids.put(topic, description.topicId().toString()));
        return ids;
    }
}
