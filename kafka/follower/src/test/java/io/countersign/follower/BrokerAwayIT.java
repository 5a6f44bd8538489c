package io.countersign.follower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.EmbeddedBroker;
import io.countersign.events.TopicCatalogue;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerAwayIT {
    private static final String TOPIC = TopicCatalogue.CONFIG.name();

    @TempDir
    private Path directory;

    private final RecordingListener listener = new RecordingListener();

    @Test
    void goesOnWhereItWasWhenTheBrokerIsBack() {
        // Given
        var broker = EmbeddedBroker.start(BrokerSettings.open(directory));
        try (var follower = follow(broker)) {
            send(broker, "1");
            await().untilAsserted(() -> assertThat(listener.told).contains("a=1"));
            var before = listener.positions.get(TOPIC);
            broker.close();

            // When
            broker = EmbeddedBroker.start(broker.settings());
            send(broker, "2");

            // Then
            await().untilAsserted(() -> assertThat(listener.told).endsWith("a=2"));
            assertThat(listener.told).containsOnlyOnce("a=1").doesNotContain("reset");
            assertThat(listener.positions.get(TOPIC).topicId()).isEqualTo(before.topicId());
            assertThat(follower.alive()).isTrue();
        } finally {
            broker.close();
        }
    }

    @Test
    void waitsForABrokerThatIsNotThereYet() {
        // Given
        var broker = EmbeddedBroker.start(BrokerSettings.open(directory));
        send(broker, "1");
        broker.close();
        try (var follower = follow(broker)) {
            assertThat(follower.caughtUp()).isFalse();

            // When
            broker = EmbeddedBroker.start(broker.settings());

            // Then
            await().untilAsserted(() -> assertThat(listener.told).containsExactly("a=1", "caught up"));
        } finally {
            broker.close();
        }
    }

    @Test
    void closesWhileTheBrokerIsAway() {
        // Given
        var broker = EmbeddedBroker.start(BrokerSettings.open(directory));
        var follower = follow(broker);
        await().untilAsserted(() -> assertThat(follower.caughtUp()).isTrue());
        broker.close();

        // When
        follower.close();

        // Then
        await().untilAsserted(() -> assertThat(follower.alive()).isFalse());
    }

    private TopicFollower follow(EmbeddedBroker broker) {
        return TopicFollower.start(
                FollowerSettings.of("follower", broker.administratorProperties(), List.of(TOPIC)), listener);
    }

    private static void send(EmbeddedBroker broker, String value) {
        try (var producer = new TestProducer(broker.bootstrapServers(), TOPIC)) {
            producer.send("a", value);
        }
    }
}
