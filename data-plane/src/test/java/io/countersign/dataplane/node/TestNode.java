package io.countersign.dataplane.node;

import io.countersign.dataplane.Curl;
import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.inbound.InboundListener;
import io.countersign.dataplane.inbound.InboundPort;
import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.dataplane.tls.PostQuantum;
import io.countersign.events.ConfigCodec;
import io.countersign.events.Topic;
import io.countersign.events.TopicCatalogue;
import io.countersign.identity.IdentitySettings;
import io.countersign.identity.IssuedSvid;
import io.countersign.identity.SvidFiles;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.ConfigRecord;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.view.Upstream;
import io.countersign.mesh.view.UpstreamTls;
import io.countersign.testing.TestAuthority;
import io.countersign.testing.TestSvid;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// A whole node before an application, for `httpbin.full`; its certificate is from an earlier run, and ca-service is
/// away. It can be started again on what it left.
final class TestNode {
    static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    static final SpiffeId IDENTITY = SpiffeId.ofServiceAccount(DOMAIN, "full", "httpbin");
    static final SpiffeId OBSERVER = SpiffeId.ofServiceAccount(DOMAIN, "istio-system", "config-distributor");
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(20_000 + Math.toIntExact(ProcessHandle.current().pid() % 10_000));
    static final ConfigKey WORKLOAD = ConfigKey.workload("full", "httpbin");

    final TestAuthority authority = TestAuthority.seeded(1);
    final EchoApp app = EchoApp.start();
    final int port = freePort();
    final int health = freePort();
    final int admin = freePort();
    final int metrics = freePort();
    CompletableFuture<Node> node = new CompletableFuture<>();
    Optional<Long> endsWithPid = Optional.empty();
    boolean leavesWhenStopped;

    private final Path folder;
    private Thread starter = Thread.ofVirtual().unstarted(() -> {});

    TestNode(Path folder) {
        this.folder = folder;
        give(authority.issue(IDENTITY));
    }

    /// A certificate for the next start.
    void give(TestSvid svid) {
        new SvidFiles(folder.resolve("certs"))
                .write(new IssuedSvid(X509Svid.of(svid.chain(), svid.key()), authority.bundle(DOMAIN, 1)));
    }

    Path copy() {
        return folder.resolve("state").resolve("config.copy");
    }

    void start(Map<String, Object> bus) {
        node = new CompletableFuture<>();
        var started = node;
        starter = Thread.ofVirtual().start(() -> {
            try {
                started.complete(Node.start(settings(bus), this::listeners));
            } catch (InterruptedException | RuntimeException e) {
                started.completeExceptionally(e);
            }
        });
    }

    void stop() throws Exception {
        starter.interrupt();
        starter.join();
        if (node.isDone() && !node.isCompletedExceptionally()) {
            node.get().close();
        }
    }

    /// A request by mutual TLS.
    Curl mutualTls() {
        return Curl.run(client("https://127.0.0.1:" + port + "/headers").toArray(String[]::new));
    }

    Curl plaintext() {
        return Curl.run("http://127.0.0.1:" + port + "/headers");
    }

    Curl admin(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.set(all.size() - 1, "http://127.0.0.1:" + admin + all.getLast());
        return Curl.run(all.toArray(String[]::new));
    }

    String readiness() {
        return Curl.run("http://127.0.0.1:" + health + "/healthz/ready").code();
    }

    static void publish(Map<String, Object> bus, PortMode mode) throws Exception {
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
        publish(bus, workload);
    }

    static void publish(Map<String, Object> bus, ConfigRecord record) throws Exception {
        publish(bus, TopicCatalogue.CONFIG, record.key().toString(), ConfigCodec.encode(record));
    }

    static void publish(Map<String, Object> bus, Topic topic, String key, byte[] value) throws Exception {
        try (var producer = new KafkaProducer<>(bus, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic.name(), key, value)).get();
        }
    }

    static Map<String, Object> nobody() {
        return Map.of("bootstrap.servers", "127.0.0.1:" + freePort());
    }

    void end() throws Exception {
        stop();
        app.close();
    }

    private NodeSettings settings(Map<String, Object> bus) {
        var identity = new IdentitySettings(
                URI.create("https://127.0.0.1:" + freePort()),
                IdentitySettings.caOf(IDENTITY),
                IDENTITY,
                new NodeId("httpbin.full"),
                folder.resolve("token"),
                Optional.of(folder.resolve("certs")));
        return new NodeSettings(
                List.of(new WorkloadSettings(Optional.of(WORKLOAD), identity, Optional.of(loopback(health)))),
                DOMAIN,
                bus,
                new Operations(
                        loopback(admin),
                        loopback(health),
                        Optional.of(loopback(metrics)),
                        true,
                        Optional.of(folder.resolve("state")),
                        endsWithPid,
                        leavesWhenStopped),
                Optional.of(OBSERVER),
                RelaySettings.DEFAULTS,
                2,
                Duration.ofSeconds(1),
                PostQuantum.PREFERRED);
    }

    private List<Listener> listeners(NodeParts parts) {
        var application = new Upstream(WORKLOAD, "127.0.0.1", app.port(), new UpstreamTls.Plaintext());
        return List.of(new InboundListener(parts.loops(), parts.tls(), parts.relay(), parts.http())
                .bind(
                        loopback(port),
                        new InboundPort(
                                application,
                                () -> parts.view().current().mode(WORKLOAD, 8000),
                                () -> parts.view().current().protocol(WORKLOAD, 8000),
                                Optional.empty())));
    }

    private List<String> client(String url) {
        var svid = authority.issue(SpiffeId.ofServiceAccount(DOMAIN, "full", "sleep"));
        var files = folder.resolve("client");
        new SvidFiles(files).write(new IssuedSvid(X509Svid.of(svid.chain(), svid.key()), authority.bundle(DOMAIN, 1)));
        return List.of(
                "-k",
                "--cert",
                files.resolve(SvidFiles.CHAIN).toString(),
                "--key",
                files.resolve(SvidFiles.KEY).toString(),
                url);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /// Of those that the kernel gives to nobody who asks for any, so that it is still free when it is bound.
    static int freePort() {
        while (true) {
            var port = NEXT_PORT.getAndIncrement();
            try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (IOException e) {
                // Taken: the next one.
            }
        }
    }
}
