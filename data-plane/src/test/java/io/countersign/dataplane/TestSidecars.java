package io.countersign.dataplane;

import io.countersign.dataplane.http.HttpRelay;
import io.countersign.dataplane.inbound.InboundListener;
import io.countersign.dataplane.inbound.InboundPort;
import io.countersign.dataplane.loop.ConnectionBounds;
import io.countersign.dataplane.loop.EventLoops;
import io.countersign.dataplane.loop.Listener;
import io.countersign.dataplane.outbound.Destinations;
import io.countersign.dataplane.outbound.OutboundListener;
import io.countersign.dataplane.outbound.OutboundRouter;
import io.countersign.dataplane.relay.Relay;
import io.countersign.dataplane.relay.RelaySettings;
import io.countersign.dataplane.telemetry.Telemetry;
import io.countersign.dataplane.tls.LiveTls;
import io.countersign.dataplane.tls.SwapOutcome;
import io.countersign.dataplane.tls.TlsMaterial;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.NamespaceRules;
import io.countersign.mesh.config.NamespaceRules.NamedRule;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.PortProtocol;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.ServiceConfig;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.resource.ResourceSpec.ClientTls;
import io.countersign.mesh.resource.ResourceSpec.DestinationRuleSpec;
import io.countersign.mesh.resource.ResourceSpec.TrafficTls;
import io.countersign.mesh.view.MeshView;
import io.countersign.mesh.view.Upstream;
import io.countersign.mesh.view.UpstreamTls;
import io.countersign.testing.TestAuthority;
import io.countersign.testing.TestSvid;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Two sidecars in this process: one before an application (`httpbin.full`, port 8000 of the service), and one that the
/// requests of `sleep.full` go out by. Everything is real but the control plane.
public final class TestSidecars implements AutoCloseable {
    public static final TrustDomain TRUST_DOMAIN = new TrustDomain("cluster.local");
    public static final SpiffeId HTTPBIN = SpiffeId.ofServiceAccount(TRUST_DOMAIN, "full", "httpbin");
    public static final SpiffeId SLEEP = SpiffeId.ofServiceAccount(TRUST_DOMAIN, "full", "sleep");
    /// For tests in which connections do not end by themselves.
    public static final Duration SHORT_DRAIN = Duration.ofSeconds(2);
    /// For all others: what ends by itself does so before, on a slow machine too.
    private static final Duration LONG_DRAIN = Duration.ofMinutes(1);
    private static final String ADDRESS = "127.0.0.1";
    /// The address of the service, which is nowhere bound.
    public static final InetSocketAddress SERVICE = new InetSocketAddress("10.1.255.1", 8000);
    private static final ConfigKey CLIENT = ConfigKey.workload("full", "sleep");

    public final TestAuthority authority = TestAuthority.seeded(1);
    public final LiveTls serverTls;
    public final LiveTls clientTls;
    public final Relay serverRelay;
    public final Relay clientRelay;
    public final EventLoops loops;
    public final Listener inbound;
    public final Listener outbound;
    /// By how much the server's clock is ahead.
    public volatile Duration serverAhead = Duration.ZERO;

    public final Listener captured;
    /// Where captured connections were going.
    public volatile InetSocketAddress original = SERVICE;
    public volatile PortMode mode = PortMode.PERMISSIVE;
    /// What the service declares for its port.
    public volatile String protocol = "http";
    public volatile MeshView view = MeshView.EMPTY;

    private final Vertx vertx;

    public TestSidecars(int appPort) {
        this(appPort, RelaySettings.DEFAULTS, LONG_DRAIN);
    }

    public TestSidecars(int appPort, RelaySettings settings, Duration drainTimeout) {
        this(appPort, settings, drainTimeout, ConnectionBounds.ofThisProcess());
    }

    public TestSidecars(int appPort, RelaySettings settings, Duration drainTimeout, ConnectionBounds bounds) {
        vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(2))
                .withTransport(EventLoops.transport())
                .build();
        loops = EventLoops.of(vertx, bounds);
        serverTls = new LiveTls(loops, () -> Instant.now().plus(serverAhead));
        clientTls = new LiveTls(loops, InstantSource.system());
        serverTls.swap(material(authority.issue(HTTPBIN))).join();
        clientTls.swap(material(authority.issue(SLEEP))).join();
        serverRelay = Relay.start(loops, serverTls, settings, drainTimeout, Telemetry.NONE);
        clientRelay = Relay.start(loops, clientTls, settings, drainTimeout, Telemetry.NONE);
        var app = new Upstream(ConfigKey.workload("full", "httpbin"), ADDRESS, appPort, new UpstreamTls.Plaintext());
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        inbound = new InboundListener(loops, serverTls, serverRelay, new HttpRelay(serverRelay))
                .bind(anyPort, new InboundPort(app, () -> mode, () -> PortProtocol.of(protocol), Optional.empty()));
        var outbounds = new OutboundListener(loops, clientRelay, new HttpRelay(clientRelay));
        outbound = outbounds.bind(anyPort, new OutboundRouter(() -> view, CLIENT));
        captured = outbounds.capture(anyPort, new Destinations(() -> view, CLIENT, true), _ -> Optional.of(original));
        offer(PortMode.PERMISSIVE);
    }

    public TlsMaterial material(TestSvid svid) {
        return new TlsMaterial(X509Svid.of(svid.chain(), svid.key()), authority.bundle(TRUST_DOMAIN, 1));
    }

    private static SwapOutcome swap(LiveTls tls, TestSvid svid, TrustBundle bundle) {
        tls.trust(bundle);
        return tls.swap(new TlsMaterial(X509Svid.of(svid.chain(), svid.key()), bundle))
                .join();
    }

    public SwapOutcome renewServer() {
        return serverTls.swap(material(authority.issue(HTTPBIN))).join();
    }

    public SwapOutcome renewClient() {
        var outcome = clientTls.swap(material(authority.issue(SLEEP))).join();
        clientRelay.tlsChanged();
        return outcome;
    }

    /// Gives both, the server first, a certificate and a bundle.
    List<SwapOutcome> give(long sequence, TestAuthority issuer, TestAuthority... trusted) {
        var bundle = new TrustBundle(
                TRUST_DOMAIN,
                sequence,
                Stream.of(trusted).map(TestAuthority::authority).toList());
        var server = swap(serverTls, issuer.issue(HTTPBIN), bundle);
        var client = swap(clientTls, issuer.issue(SLEEP), bundle);
        clientRelay.tlsChanged();
        return List.of(server, client);
    }

    /// What the port demands and carries, and what clients are told of it.
    public void set(PortMode demanded, String declared) {
        mode = demanded;
        protocol = declared;
        offer(demanded);
    }

    /// What clients are told of the server's port.
    public void offer(PortMode told) {
        offer(told, HTTPBIN, inboundPort());
    }

    public void offer(PortMode told, SpiffeId identity, int port) {
        var service = new ServiceConfig(
                "full",
                "httpbin",
                "s",
                List.of("httpbin.full.svc.cluster.local"),
                List.of(SERVICE.getAddress().getHostAddress()),
                new TreeMap<>(Map.of(8000, protocol)));
        var workload = new WorkloadConfig(
                "full",
                "httpbin",
                "w",
                List.of(ADDRESS),
                new TreeMap<>(),
                identity,
                ProxyPresence.PRESENT,
                new TreeMap<>(),
                told,
                new TreeMap<>(Map.of("full/httpbin", new TreeMap<>(Map.of(8000, port)))));
        view = MeshView.EMPTY.apply(service).apply(workload);
    }

    /// A DestinationRule for the server, in force from now on.
    public void rule(ClientTls tls) {
        var traffic = new TrafficTls(Optional.of(tls), new TreeMap<>());
        var rule = new DestinationRuleSpec(
                "httpbin.full.svc.cluster.local", List.of(), new TreeMap<>(), Optional.of(traffic), new TreeMap<>());
        view = view.apply(new NamespaceRules("full", List.of(new NamedRule("httpbin", rule))));
    }

    public int inboundPort() {
        return inbound.address().getPort();
    }

    public int outboundPort() {
        return outbound.address().getPort();
    }

    public int capturedPort() {
        return captured.address().getPort();
    }

    @Override
    public void close() {
        captured.close();
        inbound.close();
        outbound.close();
        serverTls.close();
        clientTls.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
