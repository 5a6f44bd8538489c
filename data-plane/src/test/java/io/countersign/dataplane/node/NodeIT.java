package io.countersign.dataplane.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.EmbeddedBroker;
import io.countersign.dataplane.Curl;
import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.inbound.InboundListener;
import io.countersign.dataplane.inbound.InboundPort;
import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.events.ConfigCodec;
import io.countersign.events.TopicCatalogue;
import io.countersign.follower.FollowedBatch;
import io.countersign.follower.FollowerListener;
import io.countersign.follower.FollowerSettings;
import io.countersign.follower.TopicFollower;
import io.countersign.follower.TopicPosition;
import io.countersign.follower.TopicReset;
import io.countersign.identity.IdentitySettings;
import io.countersign.identity.IssuedSvid;
import io.countersign.identity.SvidFiles;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.view.Upstream;
import io.countersign.mesh.view.UpstreamTls;
import io.countersign.testing.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole node on a real broker; its certificate is from an earlier run, and ca-service is away.
class NodeIT {
    private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    private static final SpiffeId IDENTITY = SpiffeId.ofServiceAccount(DOMAIN, "full", "httpbin");
    private static final SpiffeId OBSERVER = SpiffeId.ofServiceAccount(DOMAIN, "istio-system", "config-distributor");
    private static final ConfigKey WORKLOAD = ConfigKey.workload("full", "httpbin");
    private static final int RESET = 56;

    private final EchoApp app = EchoApp.start();
    private final int port = freePort();
    private final int health = freePort();
    private final int admin = freePort();

    @TempDir
    private Path folder;

    private EmbeddedBroker broker;
    private final CompletableFuture<Node> node = new CompletableFuture<>();
    private Thread starter;

    @BeforeEach
    void giveCertificate() {
        var authority = TestAuthority.seeded(1);
        var svid = authority.issue(IDENTITY);
        new SvidFiles(folder.resolve("certs"))
                .write(new IssuedSvid(X509Svid.of(svid.chain(), svid.key()), authority.bundle(DOMAIN, 1)));
        broker = EmbeddedBroker.start(BrokerSettings.open(folder.resolve("kafka")));
    }

    @AfterEach
    void stop() throws Exception {
        starter.interrupt();
        starter.join();
        if (!node.isCompletedExceptionally()) {
            node.get().close();
        }
        broker.close();
        app.close();
    }

    @Test
    void servesAndReportsOnceItHasReadTheConfigAndGoesOnWithTheBrokerAway() throws Exception {
        // Given
        publish(PortMode.PERMISSIVE);
        var reports = new CopyOnWriteArrayList<String>();
        try (var follower = followReports(reports)) {
            start(broker.administratorProperties());
            node.get();
            assertThat(follower.alive()).isTrue();
            Awaitility.await().until(() -> reports.contains("httpbin.full"));
        }
        assertThat(Curl.run("http://127.0.0.1:" + health + "/healthz/ready").code())
                .isEqualTo("200");

        // When
        broker.close();
        var away = Curl.run("http://127.0.0.1:" + port + "/headers");
        broker = EmbeddedBroker.start(broker.settings());
        publish(PortMode.STRICT);

        // Then
        assertThat(away.code()).isEqualTo("200");
        Awaitility.await()
                .until(() -> Curl.run("http://127.0.0.1:" + port + "/headers").exit() == RESET);
        assertThat(Curl.run("http://127.0.0.1:" + admin + "/config_dump").output())
                .contains("STRICT");
        assertThat(Curl.run("http://127.0.0.1:" + admin + "/listeners").output())
                .contains("STRICT");
        assertThat(Curl.run("http://127.0.0.1:" + admin + "/certs").output())
                .contains("Serial Number: ", "Days until Expiration: 0", IDENTITY.toString());
        assertThat(Curl.run("http://127.0.0.1:" + admin + "/stats/prometheus").output())
                .containsPattern("countersign_relay_requests_total\\{response_code=\"200\"} [1-9]");
    }

    @Test
    void bindsNothingBeforeItHasReadTheConfig() {
        // Given
        var nobody = Map.<String, Object>of("bootstrap.servers", "127.0.0.1:" + freePort());

        // When
        start(nobody);
        Awaitility.await()
                .until(() -> Curl.run("http://127.0.0.1:" + health + "/healthz/ready")
                        .code()
                        .equals("503"));

        // Then
        assertThat(Curl.run("http://127.0.0.1:" + port + "/headers").output()).contains("Failed to connect");
        assertThat(node).isNotDone();
    }

    private void start(Map<String, Object> bus) {
        var loopback = InetAddress.getLoopbackAddress();
        var settings = new NodeSettings(
                Optional.of(WORKLOAD),
                DOMAIN,
                new IdentitySettings(
                        URI.create("https://127.0.0.1:" + freePort()),
                        IdentitySettings.caOf(IDENTITY),
                        IDENTITY,
                        new NodeId("httpbin.full"),
                        folder.resolve("token"),
                        Optional.of(folder.resolve("certs"))),
                bus,
                new InetSocketAddress(loopback, admin),
                new InetSocketAddress(loopback, health),
                Optional.of(OBSERVER),
                RelaySettings.DEFAULTS,
                2,
                Duration.ofSeconds(1));
        var application = new Upstream(WORKLOAD, "127.0.0.1", app.port(), new UpstreamTls.Plaintext());
        ListenerPlan plan = parts -> List.of(InboundListener.bind(
                parts.loops(),
                new InboundPort(
                        new InetSocketAddress(loopback, port),
                        application,
                        () -> parts.view().current().mode(WORKLOAD, 8000)),
                parts.tls(),
                parts.relay(),
                parts.http()));
        starter = Thread.ofVirtual().start(() -> {
            try {
                node.complete(Node.start(settings, plan));
            } catch (InterruptedException | RuntimeException e) {
                node.completeExceptionally(e);
            }
        });
    }

    private void publish(PortMode mode) throws Exception {
        var workload = new WorkloadConfig(
                "full",
                "httpbin",
                "w",
                List.of("127.0.0.1"),
                new TreeMap<>(),
                IDENTITY,
                ProxyPresence.PRESENT,
                new TreeMap<>(Map.of(8000, mode)),
                PortMode.PERMISSIVE,
                new TreeMap<>());
        try (var producer = new KafkaProducer<>(
                broker.administratorProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            TopicCatalogue.CONFIG.name(),
                            0,
                            WORKLOAD.toString().getBytes(StandardCharsets.UTF_8),
                            ConfigCodec.encode(workload)))
                    .get();
        }
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

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
