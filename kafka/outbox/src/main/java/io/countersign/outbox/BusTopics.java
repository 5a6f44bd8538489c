package io.countersign.outbox;

import io.countersign.events.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;

/// What the bus says about the topics that the service writes. A writer may not read them, but may ask for this.
interface BusTopics {
    /// Asks for the ids; the answers come, or fail, within the client's API timeout.
    Map<String, KafkaFuture<Uuid>> ids(Collection<String> topics);

    /// Whether a topic holds nothing at all. Waits for at most the client's API timeout.
    ///
    /// @throws KafkaException when the bus does not say so now
    boolean isEmpty(String topic);

    /// Waits for an answer.
    ///
    /// @throws KafkaException the answer's own failure
    static <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    /// By Kafka's own client.
    record Asked(Admin admin) implements BusTopics {
        @Override
        public Map<String, KafkaFuture<Uuid>> ids(Collection<String> topics) {
            var ids = new HashMap<String, KafkaFuture<Uuid>>();
            admin.describeTopics(topics)
                    .topicNameValues()
                    .forEach((topic, description) -> ids.put(topic, description.thenApply(each -> each.topicId())));
            return ids;
        }

        @Override
        public boolean isEmpty(String topic) {
            return offset(topic, OffsetSpec.earliest()) == offset(topic, OffsetSpec.latest());
        }

        private long offset(String topic, OffsetSpec which) {
            var partition = new TopicPartition(topic, Topic.PARTITION);
            return await(admin.listOffsets(Map.of(partition, which)).partitionResult(partition))
                    .offset();
        }
    }
}
