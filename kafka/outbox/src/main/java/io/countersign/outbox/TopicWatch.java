package io.countersign.outbox;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices by its id that a topic was deleted and made anew, and lets its owner fill it. It never waits for the bus: a
/// broker that is away, or a topic that is missing for now, says nothing about the ids.
///
/// Owned by the relay's thread.
final class TopicWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);

    private final List<? extends TopicOwner> owners;
    private final Supplier<Map<String, KafkaFuture<Uuid>>> question;
    private final Map<String, Uuid> known = new HashMap<>();
    private Map<String, KafkaFuture<Uuid>> pending = Map.of();

    /// @param question asks the bus for the ids of the owners' topics
    TopicWatch(List<? extends TopicOwner> owners, Supplier<Map<String, KafkaFuture<Uuid>>> question) {
        this.owners = List.copyOf(owners);
        this.question = question;
    }

    static Map<String, KafkaFuture<Uuid>> ids(Admin admin, List<? extends TopicOwner> owners) {
        var ids = new HashMap<String, KafkaFuture<Uuid>>();
        admin.describeTopics(owners.stream().map(TopicOwner::topic).toList())
                .topicNameValues()
                .forEach((topic, description) -> ids.put(topic, description.thenApply(each -> each.topicId())));
        return ids;
    }

    /// Takes the answers that are there, and asks again when all are: one question at a time.
    ///
    /// @throws RuntimeException of an owner that could not republish; the next call tries again
    void poll() {
        if (owners.isEmpty() || !pending.values().stream().allMatch(KafkaFuture::isDone)) {
            return;
        }
        var answers = pending;
        pending = question.get();
        for (var owner : owners) {
            var answer = answers.get(owner.topic());
            if (answer != null && !answer.isCompletedExceptionally()) {
                compare(owner, answer.toCompletionStage().toCompletableFuture().join());
            }
        }
    }

    private void compare(TopicOwner owner, Uuid id) {
        var before = known.putIfAbsent(owner.topic(), id);
        if (before != null && !before.equals(id)) {
            LOG.atWarn()
                    .addKeyValue("topic", owner.topic())
                    .addKeyValue("before", before)
                    .log("topic was made anew, its records are published again");
            owner.republish();
            known.put(owner.topic(), id);
        }
    }
}
