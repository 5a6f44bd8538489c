package io.countersign.dataplane.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.EmbeddedBroker;
import io.countersign.events.TopicCatalogue;
import io.countersign.follower.FollowedBatch;
import io.countersign.follower.FollowerListener;
import io.countersign.follower.FollowerSettings;
import io.countersign.follower.TopicFollower;
import io.countersign.follower.TopicPosition;
import io.countersign.follower.TopicReset;
import io.countersign.mesh.config.PortMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole node on a real broker.
class NodeIT {
    private static final int RESET = 56;

    @TempDir
    private Path folder;

    private EmbeddedBroker broker;
    private TestNode node;

    @BeforeEach
    void startBroker() {
        broker = EmbeddedBroker.start(BrokerSettings.open(folder.resolve("kafka")));
        node = new TestNode(folder);
    }

    @AfterEach
    void stop() throws Exception {
        node.end();
        broker.close();
    }

    @Test
    void servesAndReportsOnceItHasReadTheConfigAndGoesOnWithTheBrokerAway() throws Exception {
        // Given
        TestNode.publish(broker.administratorProperties(), PortMode.PERMISSIVE);
        var reports = new CopyOnWriteArrayList<String>();
        try (var follower = followReports(reports)) {
            node.start(broker.administratorProperties());
            node.node.get();
            assertThat(follower.alive()).isTrue();
            Awaitility.await().until(() -> reports.contains("httpbin.full"));
        }
        assertThat(node.readiness()).isEqualTo("200");

        // When
        broker.close();
        var away = node.plaintext();
        broker = EmbeddedBroker.start(broker.settings());
        TestNode.publish(broker.administratorProperties(), PortMode.STRICT);

        // Then
        assertThat(away.code()).isEqualTo("200");
        Awaitility.await().until(() -> node.plaintext().exit() == RESET);
        assertThat(node.admin("/config_dump").output()).contains("STRICT");
        assertThat(node.admin("/listeners").output()).contains("STRICT");
    }

    @Test
    void bindsNothingBeforeItHasReadTheConfig() {
        // When
        node.start(TestNode.nobody());
        Awaitility.await().until(() -> node.readiness().equals("503"));

        // Then
        assertThat(node.plaintext().output()).contains("Failed to connect");
        assertThat(node.node).isNotDone();
    }

    private TopicFollower followReports(List<String> keys) {
        return TopicFollower.start(
                FollowerSettings.of("reports", broker.administratorProperties(), List.of(TopicCatalogue.NODES.name())),
                new FollowerListener() {
                    @Override
                    public void onBatch(FollowedBatch batch) {
                        batch.records().forEach(followed -> keys.add(followed.key()));
                    }

                    @Override
                    public void onCaughtUp(Map<String, TopicPosition> positions) {
                        // Every report is news.
                    }

                    @Override
                    public void onReset(TopicReset reset) {
                        throw new IllegalStateException("reset: " + reset);
                    }
                });
    }
}
