package io.countersign.dataplane.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.EmbeddedBroker;
import io.countersign.dataplane.tls.OpenSslClient;
import io.countersign.events.RevocationCodec;
import io.countersign.events.Topic;
import io.countersign.events.TopicCatalogue;
import io.countersign.events.TrustBundleCodec;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.identity.Revocation;
import io.countersign.mesh.identity.RevocationKey;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.testing.TestAuthority;
import io.countersign.testing.TestSvid;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
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
