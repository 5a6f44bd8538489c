package io.countersign.mesh.projection;

import static io.countersign.mesh.resource.MtlsMode.DISABLE;
import static io.countersign.mesh.resource.MtlsMode.PERMISSIVE;
import static io.countersign.mesh.resource.MtlsMode.STRICT;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceSpec;
import io.countersign.mesh.resource.ResourceSpec.AuthenticationPolicySpec;
import io.countersign.mesh.resource.ResourceSpec.PeerAuthenticationSpec;
import io.countersign.mesh.resource.ResourceSpec.PolicyTarget;
import io.countersign.mesh.resource.ResourceSpec.PortSelector;
import io.countersign.mesh.resource.ResourceSpec.ServicePort;
import io.countersign.mesh.resource.ResourceSpec.ServiceSpec;
import io.countersign.mesh.resource.ResourceSpec.TargetPort;
import io.countersign.mesh.resource.ResourceSpec.WorkloadEntrySpec;
import io.countersign.mesh.resource.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Which policy holds for httpbin in namespace full, whose service port 8000 is the workload's 8000 and 9000 its 9001.
class AuthenticationPoliciesTest {
    private static final Instant OLD = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NEW = Instant.parse("2026-02-01T00:00:00Z");

    static Stream<Arguments> policies() {
        return Stream.of(
                row("no policy: the mesh's default mode", List.of(), PERMISSIVE, PERMISSIVE),
                row("a mesh policy holds for all", List.of(mesh(STRICT)), STRICT, STRICT),
                row(
                        "a namespace policy goes before the mesh policy",
                        List.of(mesh(STRICT), namespace("full", DISABLE)),
                        DISABLE,
                        DISABLE),
                row(
                        "a policy of another namespace does not count",
                        List.of(mesh(STRICT), namespace("partial", DISABLE)),
                        STRICT,
                        STRICT),
                row(
                        "a target goes before the namespace",
                        List.of(namespace("full", STRICT), target("httpbin", DISABLE, OLD)),
                        DISABLE,
                        DISABLE),
                row(
                        "a target of another service does not count",
                        List.of(namespace("full", STRICT), target("sleep", DISABLE, OLD)),
                        STRICT,
                        STRICT),
                row(
                        "a target's port number selects that service port only",
                        List.of(mesh(STRICT), target("httpbin", DISABLE, OLD, number(9000))),
                        STRICT,
                        DISABLE),
                row(
                        "a target's port name selects that service port only",
                        List.of(mesh(STRICT), target("httpbin", DISABLE, OLD, name("http"))),
                        DISABLE,
                        STRICT),
                row(
                        "of two targets the older holds",
                        List.of(target("a", "httpbin", STRICT, NEW), target("b", "httpbin", DISABLE, OLD)),
                        DISABLE,
                        DISABLE),
                row(
                        "of two targets as old the first by name holds",
                        List.of(target("a", "httpbin", STRICT, OLD), target("b", "httpbin", DISABLE, OLD)),
                        STRICT,
                        STRICT));
    }

    static Stream<Arguments> peerAuthenticationsBesidePolicies() {
        return Stream.of(
                row(
                        "a peer authentication of the root namespace holds for the mesh",
                        List.of(peers("istio-system", "default", STRICT, OLD)),
                        STRICT,
                        STRICT),
                row(
                        "for the mesh a peer authentication goes before the mesh policy",
                        List.of(mesh(DISABLE), peers("istio-system", "default", STRICT, OLD)),
                        STRICT,
                        STRICT),
                row(
                        "a namespace policy goes before a peer authentication of the mesh",
                        List.of(namespace("full", DISABLE), peers("istio-system", "default", STRICT, OLD)),
                        DISABLE,
                        DISABLE),
                row(
                        "for a namespace a peer authentication goes before the policy",
                        List.of(namespace("full", DISABLE), peers("full", "default", STRICT, OLD)),
                        STRICT,
                        STRICT),
                row(
                        "a policy's target goes before the namespace's peer authentication",
                        List.of(target("httpbin", DISABLE, OLD), peers("full", "default", STRICT, OLD)),
                        DISABLE,
                        DISABLE),
                row(
                        "a peer authentication of the workload goes before a policy's target",
                        List.of(target("httpbin", DISABLE, OLD), selecting("httpbin", STRICT, OLD)),
                        STRICT,
                        STRICT),
                row(
                        "a selector that does not match does not count",
                        List.of(mesh(PERMISSIVE), selecting("sleep", STRICT, OLD)),
                        PERMISSIVE,
                        PERMISSIVE));
    }

    static Stream<Arguments> peerAuthenticationsAmongThemselves() {
        return Stream.of(
                row(
                        "UNSET inherits from the next wider scope",
                        List.of(peers("full", "default", null, OLD), mesh(STRICT)),
                        STRICT,
                        STRICT),
                row(
                        "the oldest of a namespace wins",
                        List.of(peers("full", "a", STRICT, NEW), peers("full", "b", DISABLE, OLD)),
                        DISABLE,
                        DISABLE),
                row(
                        "the oldest that selects a workload wins, also where it inherits",
                        List.of(
                                selecting("a", "httpbin", STRICT, NEW),
                                selecting("b", "httpbin", null, OLD),
                                mesh(DISABLE)),
                        DISABLE,
                        DISABLE),
                row(
                        "a selector in the root namespace is ignored",
                        List.of(mesh(PERMISSIVE), inRoot(selecting("httpbin", STRICT, OLD))),
                        PERMISSIVE,
                        PERMISSIVE),
                row(
                        "portLevelMtls is about the workload's port, not the service's",
                        List.of(mesh(PERMISSIVE), portLevel(9001, STRICT), target("httpbin", DISABLE, OLD)),
                        DISABLE,
                        STRICT),
                row(
                        "portLevelMtls goes before the mode of its own workload",
                        List.of(portLevel(9001, DISABLE, STRICT)),
                        STRICT,
                        DISABLE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"policies", "peerAuthenticationsBesidePolicies", "peerAuthenticationsAmongThemselves"})
    void theNarrowestPolicyHolds(String rule, List<Resource> policies, MtlsMode on8000, MtlsMode on9001) {
        // Given
        var state = MeshState.EMPTY
                .apply(new MeshEvent.MeshDefined(
                        new MeshSettings("mesh", new TrustDomain("cluster.local"), "istio-system", PERMISSIVE, true)))
                .apply(new MeshEvent.ResourceApplied(service()))
                .apply(new MeshEvent.ResourceApplied(workload()));
        for (var policy : policies) {
            state = state.apply(new MeshEvent.ResourceApplied(policy));
        }

        // When
        var config = (WorkloadConfig)
                Projection.project(state, ConfigKey.workload("full", "httpbin")).orElseThrow();

        // Then
        assertThat(config.mode(8000)).as(rule).isEqualTo(PortMode.of(on8000));
        assertThat(config.mode(9001)).as(rule).isEqualTo(PortMode.of(on9001));
    }

    private static Arguments row(String rule, List<Resource> policies, MtlsMode on8000, MtlsMode on9001) {
        return Arguments.of(rule, policies, on8000, on9001);
    }

    private static Resource mesh(MtlsMode mode) {
        return resource(ResourceType.MESH_POLICY, "", "default", OLD, new AuthenticationPolicySpec(List.of(), mode));
    }

    private static Resource namespace(String namespace, MtlsMode mode) {
        return resource(ResourceType.POLICY, namespace, "default", OLD, new AuthenticationPolicySpec(List.of(), mode));
    }

    private static Resource peers(String namespace, String name, @Nullable MtlsMode mode, Instant created) {
        return peers(namespace, name, Map.of(), mode, Map.of(), created);
    }

    private static Resource selecting(String app, MtlsMode mode, Instant created) {
        return selecting("workload", app, mode, created);
    }

    private static Resource selecting(String name, String app, @Nullable MtlsMode mode, Instant created) {
        return peers("full", name, Map.of("app", app), mode, Map.of(), created);
    }

    private static Resource portLevel(int port, MtlsMode onPort) {
        return peers("full", "workload", Map.of("app", "httpbin"), null, Map.of(port, onPort), OLD);
    }

    private static Resource portLevel(int port, MtlsMode onPort, MtlsMode elsewhere) {
        return peers("full", "workload", Map.of("app", "httpbin"), elsewhere, Map.of(port, onPort), OLD);
    }

    private static Resource inRoot(Resource policy) {
        return resource(policy.key().type(), "istio-system", policy.key().name(), policy.created(), policy.spec());
    }

    private static Resource peers(
            String namespace,
            String name,
            Map<String, String> selector,
            @Nullable MtlsMode mode,
            Map<Integer, MtlsMode> ports,
            Instant created) {
        var spec = new PeerAuthenticationSpec(new TreeMap<>(selector), Optional.ofNullable(mode), new TreeMap<>(ports));
        return resource(ResourceType.PEER_AUTHENTICATION, namespace, name, created, spec);
    }

    private static Resource target(String service, MtlsMode mode, Instant created, PortSelector... ports) {
        var spec = new AuthenticationPolicySpec(List.of(new PolicyTarget(service, List.of(ports))), mode);
        return resource(ResourceType.POLICY, "full", "target", created, spec);
    }

    private static Resource target(String name, String service, MtlsMode mode, Instant created) {
        var spec = new AuthenticationPolicySpec(List.of(new PolicyTarget(service, List.of())), mode);
        return resource(ResourceType.POLICY, "full", name, created, spec);
    }

    private static PortSelector number(int number) {
        return new PortSelector(Optional.of(number), Optional.empty());
    }

    private static PortSelector name(String name) {
        return new PortSelector(Optional.empty(), Optional.of(name));
    }

    private static Resource service() {
        var ports = List.of(
                new ServicePort("http", 8000, new TargetPort.Numbered(8000), "http"),
                new ServicePort("http-other", 9000, new TargetPort.Numbered(9001), "http"));
        return resource(
                ResourceType.SERVICE,
                "full",
                "httpbin",
                OLD,
                new ServiceSpec(new TreeMap<>(Map.of("app", "httpbin")), List.of(), ports));
    }

    private static Resource workload() {
        var labels = new TreeMap<>(Map.of("app", "httpbin", "version", "v1"));
        return resource(
                ResourceType.WORKLOAD_ENTRY,
                "full",
                "httpbin",
                OLD,
                new WorkloadEntrySpec("127.0.0.2", new TreeMap<>(), labels, "httpbin", true));
    }

    private static Resource resource(
            ResourceType type, String namespace, String name, Instant created, ResourceSpec spec) {
        return new Resource(ResourceKey.of(type, namespace, name), "uid", 1, 1, created, spec);
    }
}
