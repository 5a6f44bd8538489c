package io.countersign.follower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class TopicFollowerIT {
    private static final Duration OFTEN = Duration.ofMillis(200);

    @TempDir
    private static Path directory;

    private static EmbeddedBroker broker;
    private static Admin admin;

    private final RecordingListener listener = new RecordingListener();
    private String topic;
    private TestProducer producer;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(BrokerSettings.open(directory));
        admin = Admin.create(broker.administratorProperties());
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        broker.close();
    }

    @BeforeEach
    void createTopic(TestInfo test) throws Exception {
        topic = test.getTestMethod().orElseThrow().getName();
        create();
        producer = new TestProducer(broker.bootstrapServers(), topic);
    }

    @AfterEach
    void closeProducer() {
        producer.close();
    }

    @Test
    void tellsWhatIsThereThenThatItHasCaughtUpThenWhatComes() {
        // Given
        producer.send("a", "1");
        producer.send("a", "2");
        producer.send("b", null);

        // When
        try (var follower = follow()) {
            await().untilAsserted(() -> assertThat(follower.caughtUp()).isTrue());
            producer.send("ü", "3");

            // Then
            await().untilAsserted(
                            () -> assertThat(listener.told).containsExactly("a=1", "a=2", "b=-", "caught up", "ü=3"));
        }
    }

    @Test
    void catchesUpAtOnceOnAnEmptyTopic() {
        // When
        try (var follower = follow()) {

            // Then
            await().untilAsserted(() -> assertThat(follower.caughtUp()).isTrue());
            assertThat(position().offset()).isZero();
        }
    }

    @Test
    void movesItsPositionPastTransactionMarkersAndAbortedRecords() {
        // Given
        try (var _ = follow()) {
            await().untilAsserted(() -> assertThat(listener.told).containsExactly("caught up"));

            // When
            producer.commit("a", "1");
            producer.abort("a", "never");

            // Then
            await().untilAsserted(() -> assertThat(position().offset()).isEqualTo(4));
            await().untilAsserted(() -> assertThat(listener.told).containsExactly("caught up", "a=1"));
        }
    }

    @Test
    void catchesUpToATopicThatEndsInAbortedRecords() {
        // Given
        producer.commit("a", "1");
        producer.abort("a", "never");
        // The producer does not wait for the last marker.
        await().untilAsserted(() -> assertThat(committedEnd()).isEqualTo(4));

        // When
        try (var follower = follow()) {

            // Then
            await().untilAsserted(() -> assertThat(follower.caughtUp()).isTrue());
            assertThat(listener.told).containsExactly("a=1", "caught up");
            assertThat(position().offset()).isEqualTo(4);
        }
    }

    @Test
    void tellsThatATopicWasReplacedAndReadsTheNewOne() throws Exception {
        // Given
        producer.send("a", "old");
        try (var _ = follow()) {
            await().untilAsserted(() -> assertThat(listener.told).containsExactly("a=old", "caught up"));
            var before = position();

            // When
            recreate();
            producer.send("a", "new");

            // Then
            await().untilAsserted(() -> {
                assertThat(listener.resets).hasSize(1);
                assertThat(listener.told)
                        .containsSubsequence("caught up", "reset", "caught up")
                        .containsSubsequence("reset", "a=new");
            });
            var reset = listener.resets.getFirst();
            assertThat(reset.reason()).isEqualTo(TopicReset.Reason.REPLACED);
            assertThat(reset.before()).isEqualTo(before);
            assertThat(position().topicId()).isNotEqualTo(before.topicId());
        }
    }

    @Test
    void saysThatATopicIsMissingUntilItIsThere() throws Exception {
        // Given
        admin.deleteTopics(List.of(topic)).all().get();

        // When
        try (var follower = follow()) {
            // Then
            await().untilAsserted(() -> assertThat(listener.troubles).hasSize(1));
            assertThat(listener.troubles.getFirst()).contains("UnknownTopicOrPartition");

            // When
            create();

            // Then
            await().untilAsserted(() -> assertThat(follower.caughtUp()).isTrue());
            await().untilAsserted(() -> assertThat(listener.troubles).endsWith("none"));

            // When
            admin.deleteTopics(List.of(topic)).all().get();

            // Then
            await().untilAsserted(() -> assertThat(listener.troubles).hasSize(3));
            assertThat(follower.alive()).isTrue();
        }
    }

    @Test
    void goesOnFromAGivenPosition() {
        // Given
        producer.send("a", "1");
        producer.send("a", "2");
        var position = caughtUpPosition();
        producer.send("a", "3");

        // When
        try (var _ = TopicFollower.start(settings().resumingFrom(Map.of(topic, position)), listener)) {

            // Then
            await().untilAsserted(() -> assertThat(listener.told).containsExactly("a=3", "caught up"));
        }
    }

    @Test
    void readsFromTheStartWhenTheGivenPositionIsAnotherTopicsOrPastTheEnd() {
        // Given
        producer.send("a", "1");
        var beyond = new TopicPosition(caughtUpPosition().topicId(), 7);
        var foreign = new TopicPosition("AAAAAAAAAAAAAAAAAAAAAA", 1);

        for (var position : List.of(beyond, foreign)) {
            var told = new RecordingListener();

            // When
            try (var _ = TopicFollower.start(settings().resumingFrom(Map.of(topic, position)), told)) {

                // Then
                await().untilAsserted(() -> assertThat(told.told).containsExactly("reset", "a=1", "caught up"));
            }
        }
    }

    @Test
    void stopsAtAKeyThatCannotBeRead() {
        // Given
        try (var follower = follow()) {

            // When
            producer.send(null, "whose?");

            // Then
            await().untilAsserted(() -> assertThat(follower.alive()).isFalse());
            assertThat(listener.failures).singleElement().isInstanceOf(UnreadableKeyException.class);
            assertThat(follower.caughtUp()).isFalse();
        }
    }

    @Test
    void stopsWhenItsListenerFails() {
        // Given
        var failing = new FailingListener();
        producer.send("a", "1");

        // When
        try (var follower = TopicFollower.start(settings(), failing)) {

            // Then
            await().untilAsserted(() -> assertThat(follower.alive()).isFalse());
            assertThat(failing.failure).hasMessage("cannot");
        }
    }

    @Test
    void closesWhileItsListenerIsBlocked() {
        // Given
        var blocking = new BlockingListener();
        producer.send("a", "1");
        var follower = TopicFollower.start(settings(), blocking);
        await().untilAsserted(() -> assertThat(blocking.blocked).isTrue());

        // When
        follower.close();

        // Then
        await().untilAsserted(() -> assertThat(follower.alive()).isFalse());
    }

    private TopicFollower follow() {
        return TopicFollower.start(settings(), listener);
    }

    private FollowerSettings settings() {
        return FollowerSettings.of("follower-" + topic, broker.administratorProperties(), List.of(topic))
                .withTopicCheckInterval(OFTEN);
    }

    private TopicPosition position() {
        return listener.positions.get(topic);
    }

    private TopicPosition caughtUpPosition() {
        var told = new RecordingListener();
        try (var _ = TopicFollower.start(settings(), told)) {
            await().untilAsserted(() -> assertThat(told.caughtUp).hasSize(1));
        }
        return told.positions.get(topic);
    }

    private long committedEnd() throws Exception {
        var partition = new TopicPartition(topic, 0);
        return admin.listOffsets(
                        Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private void create() throws ExecutionException, InterruptedException {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }

    private void recreate() throws ExecutionException, InterruptedException {
        admin.deleteTopics(List.of(topic)).all().get();
        await().ignoreExceptions().until(() -> {
            create();
            return true;
        });
    }

    private static final class FailingListener implements FollowerListener {
        private volatile Throwable failure;

        @Override
        public void onBatch(FollowedBatch batch) {
            throw new IllegalStateException("cannot");
        }

        @Override
        public void onCaughtUp(Map<String, TopicPosition> positions) {}

        @Override
        public void onReset(TopicReset reset) {}

        @Override
        public void onStopped(Throwable cause) {
            failure = cause;
        }
    }

    private static final class BlockingListener implements FollowerListener {
        private volatile boolean blocked;

        @Override
        public void onBatch(FollowedBatch batch) {
            blocked = true;
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void onCaughtUp(Map<String, TopicPosition> positions) {}

        @Override
        public void onReset(TopicReset reset) {}
    }
}
