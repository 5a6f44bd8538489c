package io.countersign.follower;

import io.countersign.events.Topic;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;

/// Holds a bus to the catalogue: a topic with two partitions has no order, one that is not compacted forgets, and one
/// whose leader may be elected uncleanly loses what was acknowledged.
public final class CatalogueCheck {
    private static final String CLIENT = "catalogue-check";

    private CatalogueCheck() {}

    /// Topics are there, but not as the catalogue has them.
    public static final class Differs extends IllegalStateException {
        @Serial
        private static final long serialVersionUID = 1L;

        Differs(List<String> differences) {
            super(String.join("; ", differences));
        }
    }

    /// Compares the topics' partitions and settings with the catalogue; waits a few seconds for the broker at most.
    ///
    /// @throws Differs naming every difference
    /// @throws KafkaException when the broker is away or a topic is not there yet
    public static void requireAsCatalogued(Map<String, Object> clientProperties, List<Topic> topics) {
        var differences = new ArrayList<String>();
        try (var admin = KafkaClients.admin(CLIENT, clientProperties)) {
            var descriptions = KafkaFutures.result(
                    admin.describeTopics(topics.stream().map(Topic::name).toList())
                            .allTopicNames());
            var configs = KafkaFutures.result(admin.describeConfigs(
                            topics.stream().map(CatalogueCheck::resource).toList())
                    .all());
            for (var topic : topics) {
                compare(
                        topic,
                        Objects.requireNonNull(descriptions.get(topic.name()), topic.name()),
                        Objects.requireNonNull(configs.get(resource(topic)), topic.name()),
                        differences);
            }
        }
        if (!differences.isEmpty()) {
            throw new Differs(differences);
        }
    }

    private static void compare(Topic topic, TopicDescription found, Config config, List<String> differences) {
        var partitions = found.partitions();
        if (partitions.size() != 1) {
            differences.add("%s partitions: %d (expected: 1)".formatted(topic.name(), partitions.size()));
        }
        var replicas = partitions.getFirst().replicas().size();
        var actual = config.entries().stream()
                .collect(Collectors.toMap(entry -> entry.name(), entry -> String.valueOf(entry.value())));
        topic.settings(replicas).forEach((name, expected) -> {
            var value = actual.getOrDefault(name, "none");
            if (!expected.equals(value)) {
                differences.add("%s %s: %s (expected: %s)".formatted(topic.name(), name, value, expected));
            }
        });
    }

    private static ConfigResource resource(Topic topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }
}
