package io.countersign.mesh.projection;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceSpec;
import io.countersign.mesh.resource.ResourceSpec.AuthenticationPolicySpec;
import io.countersign.mesh.resource.ResourceSpec.DestinationRuleSpec;
import io.countersign.mesh.resource.ResourceSpec.PeerAuthenticationSpec;
import io.countersign.mesh.resource.ResourceSpec.PolicyTarget;
import io.countersign.mesh.resource.ResourceSpec.PortSelector;
import io.countersign.mesh.resource.ResourceSpec.ServicePort;
import io.countersign.mesh.resource.ResourceSpec.ServiceSpec;
import io.countersign.mesh.resource.ResourceSpec.TargetPort;
import io.countersign.mesh.resource.ResourceSpec.WorkloadEntrySpec;
import io.countersign.mesh.resource.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Random histories of a small mesh in which names collide often: two namespaces, three names of each kind.
final class EventSequences {
    private static final int LENGTH = 60;
    private static final long SEEDS = 200;
    private static final TrustDomain TRUST_DOMAIN = new TrustDomain("cluster.local");
    private static final List<String> NAMESPACES = List.of("full", "partial");
    private static final List<String> NAMES = List.of("default", "httpbin", "sleep");
    private static final List<Integer> PORTS = List.of(80, 8000, 9000);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Random random;
    private long sequence;

    private EventSequences(long seed) {
        this.random = new Random(seed);
    }

    /// The seeds to try: `-Dcountersign.seed=N` replays one.
    static Stream<Long> seeds() {
        var replayed = Long.getLong("countersign.seed");
        return replayed == null ? LongStream.range(0, SEEDS).boxed() : Stream.of(replayed);
    }

    static List<MeshEvent> random(long seed) {
        var sequences = new EventSequences(seed);
        var events = new ArrayList<MeshEvent>();
        for (int i = 0; i < LENGTH; i++) {
            events.add(sequences.next());
        }
        return List.copyOf(events);
    }

    static String key(MeshEvent event) {
        return switch (event) {
            case MeshEvent.MeshDefined _ -> "mesh";
            case MeshEvent.ResourceApplied(var resource) -> resource.key().toString();
            case MeshEvent.ResourceDeleted(var key) -> key.toString();
            case MeshEvent.NodeReported(var report) -> report.node().value();
            case MeshEvent.NodeForgotten(var node) -> node.value();
        };
    }

    private MeshEvent next() {
        sequence++;
        return switch (random.nextInt(20)) {
            case 0, 1 ->
                new MeshEvent.MeshDefined(new MeshSettings(
                        "mesh", TRUST_DOMAIN, pick(NAMESPACES), pick(MtlsMode.values()), random.nextBoolean()));
            case 2, 3, 4, 5 -> new MeshEvent.NodeReported(report());
            case 6 -> new MeshEvent.NodeForgotten(node());
            case 7, 8, 9 -> new MeshEvent.ResourceDeleted(resourceKey());
            default -> {
                var key = resourceKey();
                yield new MeshEvent.ResourceApplied(new Resource(
                        key, "uid-" + sequence, 1, sequence, START.plusSeconds(random.nextInt(3)), spec(key)));
            }
        };
    }

    private ResourceKey resourceKey() {
        var type = pick(ResourceType.values());
        if (type.namespaced()) {
            return ResourceKey.of(type, pick(NAMESPACES), pick(NAMES));
        }
        return ResourceKey.of(type, "", type == ResourceType.MESH_POLICY ? "default" : pick(NAMESPACES));
    }

    private ResourceSpec spec(ResourceKey key) {
        return switch (key.type()) {
            case NAMESPACE -> new ResourceSpec.NamespaceSpec();
            case PEER_AUTHENTICATION -> peerAuthentication();
            case DESTINATION_RULE ->
                new DestinationRuleSpec(pick(NAMES), List.of(), labels(), Optional.empty(), new TreeMap<>());
            case MESH_POLICY -> new AuthenticationPolicySpec(List.of(), pick(MtlsMode.values()));
            case POLICY ->
                new AuthenticationPolicySpec(
                        key.name().equals("default") ? List.of() : List.of(target()), pick(MtlsMode.values()));
            case SERVICE ->
                new ServiceSpec(
                        labels(), List.of("10.0.0." + random.nextInt(3)), List.of(servicePort(0), servicePort(1)));
            case WORKLOAD_ENTRY -> workload();
        };
    }

    private PeerAuthenticationSpec peerAuthentication() {
        var selector = labels();
        var ports = new TreeMap<Integer, MtlsMode>();
        if (!selector.isEmpty() && random.nextBoolean()) {
            ports.put(pick(PORTS), pick(MtlsMode.values()));
        }
        var mode = random.nextInt(4) == 0 ? Optional.<MtlsMode>empty() : Optional.of(pick(MtlsMode.values()));
        return new PeerAuthenticationSpec(selector, mode, ports);
    }

    private PolicyTarget target() {
        var ports = switch (random.nextInt(3)) {
            case 0 -> List.<PortSelector>of();
            case 1 -> List.of(new PortSelector(Optional.of(pick(PORTS)), Optional.empty()));
            default -> List.of(new PortSelector(Optional.empty(), Optional.of("http")));
        };
        return new PolicyTarget(pick(NAMES), ports);
    }

    private ServicePort servicePort(int index) {
        var target = random.nextBoolean()
                ? new TargetPort.Numbered(pick(PORTS))
                : new TargetPort.Named(random.nextBoolean() ? "http" : "raw");
        return new ServicePort(index == 0 ? "http" : "tcp", PORTS.get(index), target, index == 0 ? "http" : "tcp");
    }

    private WorkloadEntrySpec workload() {
        var ports = new TreeMap<String, Integer>();
        if (random.nextBoolean()) {
            ports.put("http", pick(PORTS));
        }
        return new WorkloadEntrySpec(
                "127.0.0." + random.nextInt(9), ports, labels(), pick(NAMES), random.nextBoolean());
    }

    private SortedMap<String, String> labels() {
        var labels = new TreeMap<String, String>();
        if (random.nextInt(4) > 0) {
            labels.put("app", pick(NAMES));
        }
        return labels;
    }

    private NodeReport report() {
        var workloads = new TreeMap<ConfigKey, String>();
        for (int i = random.nextInt(3); i > 0; i--) {
            workloads.put(ConfigKey.workload(pick(NAMESPACES), pick(NAMES)), "1f");
        }
        return new NodeReport(
                node(),
                identity(),
                workloads,
                "topic",
                random.nextInt(9),
                1,
                new TreeMap<>(),
                "",
                START.plusSeconds(random.nextInt(9)));
    }

    private SpiffeId identity() {
        return SpiffeId.ofServiceAccount(TRUST_DOMAIN, pick(NAMESPACES), pick(NAMES));
    }

    private NodeId node() {
        return new NodeId(pick(NAMES));
    }

    private <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private <T> T pick(T[] of) {
        return of[random.nextInt(of.length)];
    }
}
