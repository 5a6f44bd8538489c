package io.countersign.outbox;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices that a topic was deleted and made anew, and lets its owner fill it: before the relay publishes anything by
/// finding it empty, and later by its id.
///
/// Later it never waits for the bus: a broker that is away, or a topic that is missing for now, says nothing about ids.
///
/// Owned by the relay's thread.
final class TopicWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);

    private final List<? extends TopicOwner> owners;
    private final BusTopics topics;
    private final OutboxStore store;
    private final Map<String, Uuid> known = new HashMap<>();
    private Map<String, KafkaFuture<Uuid>> pending = Map.of();

    TopicWatch(List<? extends TopicOwner> owners, BusTopics topics, OutboxStore store) {
        this.owners = List.copyOf(owners);
        this.topics = topics;
        this.store = store;
    }

    /// Takes the answers that are there, and asks again when all are: one question at a time. A topic's first answer is
    /// waited for.
    ///
    /// @throws RuntimeException of an owner that could not republish, or of a bus that does not answer the first
    ///     question; the next call tries again
    void poll() {
        for (var owner : owners) {
            if (!known.containsKey(owner.topic())) {
                lookFirst(owner);
            }
        }
        if (owners.isEmpty() || !pending.values().stream().allMatch(KafkaFuture::isDone)) {
            return;
        }
        var answers = pending;
        pending = topics.ids(owners.stream().map(TopicOwner::topic).toList());
        for (var owner : owners) {
            var answer = answers.get(owner.topic());
            if (answer != null && !answer.isCompletedExceptionally()) {
                compare(owner, BusTopics.await(answer));
            }
        }
    }

    /// A topic that was lost while no writer ran is empty, since no other role writes it. Its id is asked for first: a
    /// topic that is lost from here on has another.
    private void lookFirst(TopicOwner owner) {
        var topic = owner.topic();
        var id = topics.ids(List.of(topic)).get(topic);
        if (id == null) {
            throw new IllegalStateException(topic + ": no answer (expected: its id)");
        }
        var present = BusTopics.await(id);
        if (topics.isEmpty(topic) && !store.unpublishedKeys(topic).containsAll(owner.keys())) {
            LOG.atWarn().addKeyValue("topic", topic).log("topic is empty, its records are published again");
            owner.republish();
        }
        known.put(topic, present);
    }

    private void compare(TopicOwner owner, Uuid id) {
        var before = known.get(owner.topic());
        if (!id.equals(before)) {
            LOG.atWarn()
                    .addKeyValue("topic", owner.topic())
                    .addKeyValue("before", before)
                    .log("topic was made anew, its records are published again");
            owner.republish();
            known.put(owner.topic(), id);
        }
    }
}
