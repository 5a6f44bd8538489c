package io.countersign.integration.kubernetes;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.events.BusProperties;
import io.countersign.events.Topic;
import io.countersign.events.Topic.Role;
import io.countersign.events.TopicCatalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BusManifestsIT {
    private static final int REPLICAS = 3;
    private static final Manifests BASE = Manifests.of("base");

    @Test
    void topicsAreThoseOfTheCatalogue() {
        // Given
        var expected = TopicCatalogue.ALL.stream()
                .map(topic -> new TopicManifest(
                        topic.name(), Topic.PARTITION + 1, REPLICAS, new TreeMap<>(topic.settings(REPLICAS))))
                .toList();

        // When
        var topics = BASE.ofKind("KafkaTopic").map(BusManifestsIT::topic).toList();

        // Then
        assertThat(topics).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void everyUserMayDoWhatItsRoleDoesAndNoMore() {
        // Given
        var expected = new TreeMap<String, List<String>>();
        for (var role : Role.values()) {
            var user = role == Role.NODE ? role.user() + "istio-ingressgateway.istio-system" : role.user();
            expected.put(user, rules(role));
        }

        // When
        var users = BASE.ofKind("KafkaUser").collect(toMap(Manifests::name, BusManifestsIT::rules));

        // Then
        assertThat(users).isEqualTo(expected);
    }

    @Test
    void busAuthenticatesAndAuthorizesEveryListener() {
        // Given
        var bus = BASE.ofKind("Kafka").findFirst().orElseThrow().at("/spec/kafka");

        // When
        var listeners = Manifests.elements(bus.path("listeners")).toList();

        // Then
        assertThat(bus.at("/authorization/type").asText()).isEqualTo("simple");
        assertThat(listeners).isNotEmpty().allSatisfy(listener -> {
            assertThat(listener.path("tls").asBoolean()).isTrue();
            assertThat(listener.at("/authentication/type").asText()).isEqualTo("scram-sha-512");
        });
    }

    @Test
    void clientTakesItsCredentialFromTheMountedSecret(@TempDir Path secret) throws Exception {
        // Given
        var properties = BusProperties.load(Manifests.folder().resolve("base/config/bus.properties"));
        var credential = "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"x\";";
        Files.writeString(secret.resolve("sasl.jaas.config"), credential);
        properties.computeIfPresent(
                SaslConfigs.SASL_JAAS_CONFIG,
                (name, value) -> value.toString().replace("/run/secrets/bus-user", secret.toString()));

        // When
        var config = new AdminClientConfig(properties);

        // Then
        assertThat(config.getPassword(SaslConfigs.SASL_JAAS_CONFIG).value()).isEqualTo(credential);
    }

    private record TopicManifest(String name, int partitions, int replicas, Map<String, String> settings) {}

    private static TopicManifest topic(JsonNode document) {
        var spec = document.path("spec");
        var settings = new TreeMap<String, String>();
        spec.path("config")
                .properties()
                .forEach(entry -> settings.put(entry.getKey(), entry.getValue().asText()));
        return new TopicManifest(
                Manifests.name(document),
                spec.path("partitions").asInt(),
                spec.path("replicas").asInt(),
                settings);
    }

    /// A user's rules as lines, in order.
    private static List<String> rules(JsonNode user) {
        return Manifests.elements(user.at("/spec/authorization/acls"))
                .map(rule -> line(
                        rule.at("/resource/type").asText(),
                        rule.at("/resource/patternType").asText(),
                        rule.at("/resource/name").asText(),
                        Manifests.elements(rule.path("operations"))
                                .map(JsonNode::asText)
                                .toArray(String[]::new)))
                .sorted()
                .toList();
    }

    /// The rules that the catalogue gives a role.
    private static List<String> rules(Role role) {
        var rules = new ArrayList<String>();
        for (var topic : TopicCatalogue.ALL) {
            var operations = new ArrayList<String>();
            if (topic.isWrittenBy(role)) {
                operations.add("Write");
            }
            if (topic.readers().contains(role)) {
                operations.add("Read");
            }
            if (!operations.isEmpty()) {
                operations.addAll(List.of("Describe", "DescribeConfigs"));
                rules.add(line("topic", "literal", topic.name(), operations.toArray(String[]::new)));
            }
        }
        if (role != Role.NODE) {
            rules.add(line("transactionalId", "prefix", "countersign-" + role.user(), "Write", "Describe"));
            rules.add(line("group", "prefix", role.user(), "Read", "Describe"));
        }
        return rules.stream().sorted().toList();
    }

    private static String line(String type, String pattern, String name, String... operations) {
        return type + " " + pattern + " " + name + " " + Arrays.toString(operations);
    }
}
