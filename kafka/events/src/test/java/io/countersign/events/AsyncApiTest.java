package io.countersign.events;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.countersign.events.Topic.Retention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds `asyncapi.yaml` to the catalogue and to the golden files.
class AsyncApiTest {
    private static final JsonNode DOCUMENT = document();

    @Test
    void namesEveryTopicOfTheCatalogueAndNoOther() {
        // Given
        var channels = DOCUMENT.path("channels");

        // When
        var addresses =
                elements(channels).map(channel -> channel.path("address").asText());

        // Then
        assertThat(addresses)
                .containsExactlyInAnyOrderElementsOf(
                        TopicCatalogue.ALL.stream().map(Topic::name).toList());
    }

    @ParameterizedTest
    @MethodSource("topics")
    void describesRolesAndRetentionAsTheCatalogueHasThem(Topic topic) {
        // Given
        var channel = channel(topic);
        var kafka = channel.at("/bindings/kafka");
        int replicas = kafka.path("replicas").asInt();

        // When
        var settings = new TreeMap<String, String>();
        kafka.path("topicConfiguration")
                .properties()
                .forEach(entry -> settings.put(entry.getKey(), plain(entry.getValue())));

        // Then
        assertThat(kafka.path("partitions").asInt()).isEqualTo(Topic.PARTITION + 1);
        assertThat(topic.settings(replicas)).containsAllEntriesOf(settings);
        assertThat(settings).containsKeys("cleanup.policy", retentionSetting(topic.retention()));
        assertThat(channel.path("x-writer").asText()).isEqualTo(role(topic.writer()));
        assertThat(elements(channel.path("x-readers")).map(JsonNode::asText))
                .containsExactlyInAnyOrderElementsOf(
                        topic.readers().stream().map(AsyncApiTest::role).toList());
    }

    @ParameterizedTest
    @MethodSource("topics")
    void describesKeysAsTheCatalogueDoes(Topic topic) {
        // Given
        var messages = channel(topic).path("messages");

        // When
        var keys = elements(messages)
                .map(message -> DOCUMENT.at(message.path("$ref").asText().substring(1)))
                .map(message -> message.at("/bindings/kafka/key"))
                .map(key -> key.path("const").asText(key.path("description").asText()));

        // Then
        assertThat(keys).isSubsetOf(topic.key().split(", or | or |, "));
    }

    @ParameterizedTest
    @EnumSource
    void describesEveryFieldOfEveryMessage(Golden golden) {
        // Given
        var message = DOCUMENT.at("/components/messages/" + golden.type + "/payload");
        var payload = message.isObject() ? message : DOCUMENT.at("/components/schemas/" + golden.type);

        // When
        var fields = golden.tree().properties().stream().map(Map.Entry::getKey).collect(toSet());

        // Then
        assertThat(names(payload.path("properties"))).containsAll(fields);
        assertThat(fields)
                .containsAll(
                        elements(payload.path("required")).map(JsonNode::asText).toList());
        assertThat(names(payload.path("properties"))).isEqualTo(fieldsOfAll(golden.type));
        assertThat(payload.at("/properties/v/const").asInt())
                .isEqualTo(golden.tree().path("v").asInt());
        assertThat(payload.at("/properties/type/const").asText()).isEqualTo(golden.type);
    }

    /// The fields that the examples of a type have together.
    private static Set<String> fieldsOfAll(String type) {
        return Arrays.stream(Golden.values())
                .filter(golden -> golden.type.equals(type))
                .flatMap(golden -> golden.tree().properties().stream().map(Map.Entry::getKey))
                .collect(toSet());
    }

    @Test
    void everyMessageHasAChannelAndAGoldenFile() {
        // Given
        var messages = names(DOCUMENT.at("/components/messages"));

        // When
        var carried = elements(DOCUMENT.path("channels")).flatMap(channel -> names(channel.path("messages")).stream());

        // Then
        assertThat(carried).containsExactlyInAnyOrderElementsOf(messages);
        assertThat(Arrays.stream(Golden.values()).map(golden -> golden.type)).containsAll(messages);
    }

    static Stream<Topic> topics() {
        return TopicCatalogue.ALL.stream();
    }

    private static JsonNode channel(Topic topic) {
        return elements(DOCUMENT.path("channels"))
                .filter(channel -> channel.path("address").asText().equals(topic.name()))
                .findFirst()
                .orElseThrow();
    }

    private static String role(Topic.Role role) {
        return role == Topic.Role.NODE ? "node" : role.user();
    }

    private static String retentionSetting(Retention retention) {
        return switch (retention) {
            case COMPACTED -> "delete.retention.ms";
            case LOG -> "retention.ms";
        };
    }

    /// A value as Kafka takes it: a list is written with commas.
    private static String plain(JsonNode value) {
        return value.isArray()
                ? String.join(",", elements(value).map(JsonNode::asText).toList())
                : value.asText();
    }

    private static Set<String> names(JsonNode object) {
        var names = new TreeSet<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Stream<JsonNode> elements(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false);
    }

    private static JsonNode document() {
        try (var file = AsyncApiTest.class.getResourceAsStream("/asyncapi.yaml")) {
            return new YAMLMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
