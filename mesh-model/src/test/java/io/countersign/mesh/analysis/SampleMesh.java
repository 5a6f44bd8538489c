package io.countersign.mesh.analysis;

import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.projection.MeshEvent;
import io.countersign.mesh.projection.MeshSettings;
import io.countersign.mesh.projection.MeshState;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceSpec;
import io.countersign.mesh.resource.ResourceSpec.AuthenticationPolicySpec;
import io.countersign.mesh.resource.ResourceSpec.ClientTls;
import io.countersign.mesh.resource.ResourceSpec.DestinationRuleSpec;
import io.countersign.mesh.resource.ResourceSpec.PeerAuthenticationSpec;
import io.countersign.mesh.resource.ResourceSpec.PolicyTarget;
import io.countersign.mesh.resource.ResourceSpec.PortSelector;
import io.countersign.mesh.resource.ResourceSpec.ServicePort;
import io.countersign.mesh.resource.ResourceSpec.ServiceSpec;
import io.countersign.mesh.resource.ResourceSpec.TargetPort;
import io.countersign.mesh.resource.ResourceSpec.TlsMode;
import io.countersign.mesh.resource.ResourceSpec.TrafficTls;
import io.countersign.mesh.resource.ResourceSpec.WorkloadEntrySpec;
import io.countersign.mesh.resource.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A mesh that is written down line by line; what comes first is older.
record SampleMesh(MeshState state) {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    static SampleMesh empty() {
        return automatic(true);
    }

    static SampleMesh automatic(boolean automatic) {
        return new SampleMesh(MeshState.EMPTY.apply(new MeshEvent.MeshDefined(new MeshSettings(
                "mesh", new TrustDomain("cluster.local"), "istio-system", MtlsMode.PERMISSIVE, automatic))));
    }

    /// sleep and httpbin in default, both with a proxy; httpbin listens on 8000.
    static SampleMesh sleepAndHttpbin() {
        return empty().meshed("default", "sleep").meshed("default", "httpbin").service("default", "httpbin", 8000);
    }

    SampleMesh meshed(String namespace, String name) {
        return workload(namespace, name, name, true);
    }

    /// @param app the workload's label
    SampleMesh workload(String namespace, String name, String app, boolean proxy) {
        var labels = new TreeMap<>(Map.of("app", app, "name", name));
        return with(
                ResourceType.WORKLOAD_ENTRY,
                namespace,
                name,
                new WorkloadEntrySpec("127.0.0.2", new TreeMap<>(), labels, name, proxy));
    }

    /// Selects the workloads of its name.
    SampleMesh service(String namespace, String name, int port) {
        return service(namespace, name, name, port, port);
    }

    SampleMesh service(String namespace, String name, String app, int port, int target) {
        var ports = List.of(new ServicePort("http", port, new TargetPort.Numbered(target), "http"));
        return with(
                ResourceType.SERVICE,
                namespace,
                name,
                new ServiceSpec(new TreeMap<>(Map.of("app", app)), List.of(), ports));
    }

    SampleMesh meshPolicy(MtlsMode mode) {
        return with(ResourceType.MESH_POLICY, "", "default", new AuthenticationPolicySpec(List.of(), mode));
    }

    SampleMesh policy(String namespace, MtlsMode mode) {
        return with(ResourceType.POLICY, namespace, "default", new AuthenticationPolicySpec(List.of(), mode));
    }

    SampleMesh target(String namespace, String name, String service, MtlsMode mode, Integer... ports) {
        var selectors = List.of(ports).stream()
                .map(port -> new PortSelector(Optional.of(port), Optional.empty()))
                .toList();
        return with(
                ResourceType.POLICY,
                namespace,
                name,
                new AuthenticationPolicySpec(List.of(new PolicyTarget(service, selectors)), mode));
    }

    SampleMesh peers(String namespace, String name, MtlsMode mode) {
        return with(
                ResourceType.PEER_AUTHENTICATION,
                namespace,
                name,
                new PeerAuthenticationSpec(new TreeMap<>(), Optional.of(mode), new TreeMap<>()));
    }

    /// @param selected the name of the workload that it is for
    SampleMesh peers(String namespace, String name, String selected, MtlsMode mode, Map<Integer, MtlsMode> ports) {
        var selector = new TreeMap<>(Map.of("name", selected));
        return with(
                ResourceType.PEER_AUTHENTICATION,
                namespace,
                name,
                new PeerAuthenticationSpec(selector, Optional.of(mode), new TreeMap<>(ports)));
    }

    SampleMesh rule(String namespace, String name, String host, TlsMode mode) {
        var tls = new ClientTls(
                mode, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty(), false);
        return rule(namespace, name, host, Optional.of(new TrafficTls(Optional.of(tls), new TreeMap<>())));
    }

    /// With a traffic policy that says nothing of TLS.
    SampleMesh ruleWithoutTls(String namespace, String name, String host) {
        return rule(namespace, name, host, Optional.of(new TrafficTls(Optional.empty(), new TreeMap<>())));
    }

    private SampleMesh rule(String namespace, String name, String host, Optional<TrafficTls> traffic) {
        return with(
                ResourceType.DESTINATION_RULE,
                namespace,
                name,
                new DestinationRuleSpec(host, List.of(), new TreeMap<>(), traffic, new TreeMap<>()));
    }

    private SampleMesh with(ResourceType type, String namespace, String name, ResourceSpec spec) {
        var key = ResourceKey.of(type, namespace, name);
        var sequence = state.resources().size() + 1;
        return new SampleMesh(state.apply(new MeshEvent.ResourceApplied(
                new Resource(key, "uid", 1, sequence, START.plusSeconds(sequence), spec))));
    }
}
