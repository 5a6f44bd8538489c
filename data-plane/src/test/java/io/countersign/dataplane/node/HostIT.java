package io.countersign.dataplane.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.EmbeddedBroker;
import io.countersign.dataplane.Curl;
import io.countersign.dataplane.EchoApp;
import io.countersign.dataplane.TestSidecars;
import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.outbound.OutboundListener;
import io.countersign.dataplane.outbound.OutboundRouter;
import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.dataplane.tls.PostQuantum;
import io.countersign.identity.IdentitySettings;
import io.countersign.identity.IssuedSvid;
import io.countersign.identity.SvidFiles;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One node that serves two workloads of a host.
class HostIT {
    private static final ConfigKey FIRST = ConfigKey.workload("full", "first");
    private static final ConfigKey SECOND = ConfigKey.workload("full", "second");
    private static final int ROUNDS = 5;

    @TempDir
    private Path folder;

    private final EchoApp app = EchoApp.start();
    private final TestSidecars server = new TestSidecars(app.port());
    private final Map<ConfigKey, Integer> outbound = new HashMap<>();
    private EmbeddedBroker broker;
    private Node node;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(BrokerSettings.open(folder.resolve("kafka")));
        server.mode = PortMode.STRICT;
        server.offer(PortMode.STRICT);
        for (var entry : Stream.concat(
                        server.view.services().values().stream(), server.view.workloads().values().stream())
                .toList()) {
            TestNode.publish(broker.administratorProperties(), entry);
        }
        node = Node.start(settings(), this::listeners);
    }

    @AfterEach
    void stop() {
        node.close();
        broker.close();
        server.close();
        app.close();
    }

    @Test
    void sendsEachWorkloadsRequestsUnderItsOwnIdentity() {
        for (var round = 0; round < ROUNDS; round++) {
            assertThat(through(FIRST)).contains("URI=" + identity(FIRST)).doesNotContain(identity(SECOND) + "");
            assertThat(through(SECOND)).contains("URI=" + identity(SECOND)).doesNotContain(identity(FIRST) + "");
        }
    }

    private String through(ConfigKey workload) {
        return Curl.run("-x", "http://127.0.0.1:" + outbound.get(workload), "http://httpbin.full:8000/headers")
                .output();
    }

    private List<Listener> listeners(NodeParts parts) {
        var workload = parts.workload().orElseThrow();
        var listener = new OutboundListener(parts.loops(), parts.relay(), parts.http())
                .bind(any(), new OutboundRouter(parts.view()::current, workload));
        outbound.put(workload, listener.address().getPort());
        return List.of(listener);
    }

    private NodeSettings settings() {
        return new NodeSettings(
                List.of(served(FIRST), served(SECOND)),
                TestNode.DOMAIN,
                broker.administratorProperties(),
                new Operations(any(), any(), Optional.empty(), false, Optional.empty(), Optional.empty(), false),
                Optional.empty(),
                RelaySettings.DEFAULTS,
                1,
                Duration.ofSeconds(1),
                PostQuantum.PREFERRED);
    }

    private WorkloadSettings served(ConfigKey workload) {
        var id = identity(workload);
        var certificates = folder.resolve(workload.name());
        var svid = server.authority.issue(id);
        new SvidFiles(certificates)
                .write(new IssuedSvid(
                        X509Svid.of(svid.chain(), svid.key()), server.authority.bundle(TestNode.DOMAIN, 1)));
        return new WorkloadSettings(
                Optional.of(workload),
                new IdentitySettings(
                        URI.create("https://127.0.0.1:" + TestNode.freePort()),
                        IdentitySettings.caOf(id),
                        id,
                        new NodeId(workload.name()),
                        folder.resolve("token"),
                        Optional.of(certificates)),
                Optional.empty());
    }

    private static SpiffeId identity(ConfigKey workload) {
        return SpiffeId.ofServiceAccount(TestNode.DOMAIN, workload.namespace(), workload.name());
    }

    private static InetSocketAddress any() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
