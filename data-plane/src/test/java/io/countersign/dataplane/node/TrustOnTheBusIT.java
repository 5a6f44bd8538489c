package io.countersign.dataplane.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.EmbeddedBroker;
import io.countersign.dataplane.tls.OpenSslClient;
import io.countersign.dataplane.view.ConfigApplier;
import io.countersign.events.RevocationCodec;
import io.countersign.events.Topic;
import io.countersign.events.TopicCatalogue;
import io.countersign.events.TrustBundleCodec;
import io.countersign.follower.FollowedBatch;
import io.countersign.follower.FollowerListener;
import io.countersign.follower.FollowerSettings;
import io.countersign.follower.TopicPosition;
import io.countersign.follower.TopicReset;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.identity.Revocation;
import io.countersign.mesh.identity.RevocationKey;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.testing.TestAuthority;
import io.countersign.testing.TestSvid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What records of trust on a real broker do to the connections of a running node.
class TrustOnTheBusIT {
    private static final String RESET = "errno=104";
    private static final SpiffeId PEER = SpiffeId.ofServiceAccount(TestNode.DOMAIN, "full", "sleep");
    private static final SpiffeId THIEF = SpiffeId.ofServiceAccount(TestNode.DOMAIN, "full", "thief");

    @TempDir
    private Path folder;

    private EmbeddedBroker broker;
    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(BrokerSettings.open(folder.resolve("kafka")));
        node = new TestNode(folder);
        TestNode.publish(broker.administratorProperties(), PortMode.STRICT);
        node.start(broker.administratorProperties());
        node.node.get();
    }

    @AfterEach
    void stop() throws Exception {
        node.end();
        broker.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = RevocationKey.Kind.class,
            names = {"SERIAL", "IDENTITY"})
    void aRevocationCutsTheRevokedPeerAndNobodyElse(RevocationKey.Kind kind) throws Exception {
        // Given
        var stolen = node.authority.issue(THIEF);
        try (var cut = connect(stolen);
                var left = connect(node.authority.issue(PEER))) {
            // When
            var key = kind == RevocationKey.Kind.SERIAL
                    ? RevocationKey.serial(stolen.leaf().getSerialNumber().toString(16))
                    : RevocationKey.identity(THIEF);
            var now = Instant.now();
            publish(
                    TopicCatalogue.REVOCATIONS,
                    key.toString(),
                    RevocationCodec.encode(new Revocation(key, false, now, now.plusSeconds(3600), "KEY_COMPROMISE")));

            // Then
            Awaitility.await().until(() -> !cut.isOpen());
            assertThat(cut.said()).contains(RESET);
            assertThat(refused(stolen)).contains("SSL alert number 44");
            assertThat(left.isOpen()).isTrue();
        }
    }

    @Test
    void aRevocationCutsAlsoWhenConfigCannotBeFollowedAnyMore() throws Exception {
        // Given
        try (var producer = new KafkaProducer<>(
                broker.administratorProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            TopicCatalogue.CONFIG.name(), new byte[] {(byte) 0xff}, new byte[] {'{'}))
                    .get();
        }
        Awaitility.await().until(() -> node.admin("/ready").output().contains("not for changes"));
        assertThat(node.admin("/stats?filter=doubtful").output()).contains("countersign_config_doubtful: 1");
        // When, Then
        aRevocationCuts();
    }

    @Test
    void aRevocationCutsAlsoWhenTheTopicOfConfigIsGone() throws Exception {
        // Given
        Awaitility.await().until(() -> Files.exists(node.copy()));
        node.stop();
        try (var admin = Admin.create(broker.administratorProperties())) {
            admin.deleteTopics(List.of(TopicCatalogue.CONFIG.name())).all().get();
        }
        node.start(broker.administratorProperties());
        node.node.get();
        Awaitility.await().until(() -> node.admin("/ready").output().contains("not for changes"));
        // When, Then
        aRevocationCuts();
    }

    /// A follower that ends, and one that cannot be started, are no end.
    @Test
    void topicsAreFollowedAgainWhateverEndedTheirFollower() {
        // Given
        var failures = new AtomicInteger();
        var starts = new AtomicInteger();
        var caughtUp = new CountDownLatch(1);
        var listener = new FollowerListener() {
            @Override
            public void onBatch(FollowedBatch batch) {
                if (failures.incrementAndGet() == 1) {
                    throw new IllegalStateException("a fault of ours");
                }
            }

            @Override
            public void onCaughtUp(Map<String, TopicPosition> positions) {
                caughtUp.countDown();
            }

            @Override
            public void onReset(TopicReset reset) {}
        };
        var settings = FollowerSettings.of("kept", broker.administratorProperties(), ConfigApplier.TOPICS);
        // When
        try (var _ = KeptFollower.start(settings, listener, () -> {
            if (starts.incrementAndGet() == 1) {
                throw new IllegalStateException("no thread for you");
            }
        })) {
            // Then
            Awaitility.await().until(() -> caughtUp.getCount() == 0);
        }
        assertThat(starts).hasValue(2);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("kept");
    }

    private void aRevocationCuts() throws Exception {
        var stolen = node.authority.issue(THIEF);
        try (var cut = connect(stolen)) {
            // When
            var key = RevocationKey.identity(THIEF);
            var now = Instant.now();
            publish(
                    TopicCatalogue.REVOCATIONS,
                    key.toString(),
                    RevocationCodec.encode(new Revocation(key, false, now, now.plusSeconds(3600), "KEY_COMPROMISE")));

            // Then
            Awaitility.await().until(() -> !cut.isOpen());
            assertThat(refused(stolen)).contains("SSL alert number 44");
        }
    }

    @Test
    void aRootIsAddedAndTheOldOneDropped() throws Exception {
        // Given
        var next = TestAuthority.seeded(9);
        try (var old = connect(node.authority.issue(PEER))) {
            assertThat(refused(next.issue(PEER))).contains("SSL alert number 48");

            // When
            trust(2, node.authority, next);

            // Then
            Awaitility.await().until(() -> node.admin("/secrets").output().contains("\"sequence\" : 2"));
            try (var young = connect(next.issue(PEER))) {
                assertThat(old.isOpen()).isTrue();

                // When
                trust(3, next);

                // Then
                Awaitility.await().until(() -> !old.isOpen());
                assertThat(old.said()).contains(RESET);
                assertThat(refused(node.authority.issue(PEER))).contains("SSL alert number 48");
                assertThat(young.isOpen()).isTrue();
            }
        }
    }

    private OpenSslClient connect(TestSvid svid) throws IOException {
        var client = new OpenSslClient(folder, node.port, Optional.of(svid));
        Awaitility.await().until(() -> client.said().contains("200 OK"));
        return client;
    }

    private String refused(TestSvid svid) throws IOException {
        try (var client = new OpenSslClient(folder, node.port, Optional.of(svid))) {
            return client.ended();
        }
    }

    private void trust(long sequence, TestAuthority... trusted) throws Exception {
        var authorities = Stream.of(trusted).map(TestAuthority::authority).toList();
        publish(
                TopicCatalogue.TRUST,
                TestNode.DOMAIN.name(),
                TrustBundleCodec.encode(new TrustBundle(TestNode.DOMAIN, sequence, authorities)));
    }

    private void publish(Topic topic, String key, byte[] value) throws Exception {
        TestNode.publish(broker.administratorProperties(), topic, key, value);
    }
}
