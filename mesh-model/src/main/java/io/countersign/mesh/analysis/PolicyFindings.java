package io.countersign.mesh.analysis;

import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.projection.AuthenticationPolicies;
import io.countersign.mesh.projection.MeshState;
import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceSpec.AuthenticationPolicySpec;
import io.countersign.mesh.resource.ResourceSpec.PeerAuthenticationSpec;
import io.countersign.mesh.resource.ResourceSpec.PolicyTarget;
import io.countersign.mesh.resource.ResourceSpec.PortSelector;
import io.countersign.mesh.resource.ResourceSpec.ServicePort;
import io.countersign.mesh.resource.ResourceSpec.ServiceSpec;
import io.countersign.mesh.resource.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Authentication policies that are for nothing, or that another one keeps from holding.
record PolicyFindings(MeshState state, Services services, String rootNamespace) {
    private static final String DEFAULT_NAME = "default";

    Stream<Finding> all() {
        return Stream.of(
                        state.all(ResourceType.POLICY).stream().flatMap(this::targets),
                        peerAuthentications().flatMap(this::selection),
                        selectingTogether(),
                        targetingTogether(),
                        wholeNamespace())
                .flatMap(found -> found);
    }

    private Stream<Finding> targets(Resource policy) {
        return spec(policy).targets().stream().flatMap(target -> {
            var service = service(policy.key().namespace(), target.service());
            if (service.isEmpty()) {
                return Stream.of(new Finding(
                        FindingCode.POLICY_WITHOUT_SERVICE,
                        policy.key(),
                        "target " + target.service() + " is no service of namespace "
                                + policy.key().namespace()));
            }
            return target.ports().stream()
                    .filter(port ->
                            ports(service.get()).noneMatch(new PolicyTarget(target.service(), List.of(port))::selects))
                    .map(port -> new Finding(
                            FindingCode.POLICY_WITHOUT_PORT,
                            policy.key(),
                            Words.of(service.get().key()) + " has no port " + words(port)));
        });
    }

    private Stream<Finding> selection(Resource policy) {
        var spec = peers(policy);
        if (spec.selector().isEmpty()) {
            return Stream.empty();
        }
        if (policy.key().namespace().equals(rootNamespace)) {
            return Stream.of(new Finding(
                    FindingCode.POLICY_IGNORED_IN_ROOT,
                    policy.key(),
                    "is ignored: in the root namespace a PeerAuthentication with a selector does not count"));
        }
        var selected = services.workloads(policy.key().namespace()).stream()
                .filter(workload -> spec.selects(workload.labels()))
                .toList();
        if (selected.isEmpty()) {
            return Stream.of(new Finding(
                    FindingCode.POLICY_WITHOUT_WORKLOAD,
                    policy.key(),
                    "selects no workload of namespace " + policy.key().namespace() + ": " + spec.selector()));
        }
        return spec.ports().keySet().stream()
                .filter(port -> selected.stream().noneMatch(workload -> isServed(workload, port)))
                .map(port -> new Finding(
                        FindingCode.PORT_WITHOUT_SERVICE,
                        policy.key(),
                        "portLevelMtls " + port + ": no service leads to that port of what is selected (expected: the"
                                + " workload's port, not the service's)"));
    }

    private static boolean isServed(WorkloadConfig workload, int port) {
        return workload.services().values().stream()
                .anyMatch(ports -> ports.values().contains(port));
    }

    /// Only the oldest PeerAuthentication that selects a workload counts for it.
    private Stream<Finding> selectingTogether() {
        var rivals = new Rivals("select the same workload");
        var selecting = peerAuthentications()
                .filter(policy -> !peers(policy).selector().isEmpty()
                        && !policy.key().namespace().equals(rootNamespace))
                .collect(Collectors.groupingBy(policy -> policy.key().namespace()));
        selecting.forEach((namespace, policies) -> services.workloads(namespace)
                .forEach(workload -> rivals.add(
                        policies.stream().filter(policy -> peers(policy).selects(workload.labels())),
                        workload.name())));
        return rivals.findings();
    }

    private Stream<Finding> targetingTogether() {
        var rivals = new Rivals("target the same port");
        var targeting = state.all(ResourceType.POLICY).stream()
                .filter(policy -> !spec(policy).targets().isEmpty())
                .collect(Collectors.groupingBy(policy -> policy.key().namespace()));
        targeting.forEach((namespace, policies) -> state.in(ResourceType.SERVICE, namespace)
                .forEach(service -> ports(service)
                        .forEach(port -> rivals.add(
                                policies.stream().filter(policy -> targets(policy, service, port)),
                                service.key().name() + ":" + port.port()))));
        return rivals.findings();
    }

    private static boolean targets(Resource policy, Resource service, ServicePort port) {
        return spec(policy).targets().stream()
                .anyMatch(target -> target.service().equals(service.key().name()) && target.selects(port));
    }

    /// Of a namespace's own PeerAuthentications the oldest counts, and where it names a mode it goes before the
    /// v1alpha1 policy of the same scope.
    private Stream<Finding> wholeNamespace() {
        var rivals = new Rivals("are for the whole of");
        peerAuthentications()
                .filter(policy -> peers(policy).selector().isEmpty())
                .collect(Collectors.groupingBy(policy -> policy.key().namespace()))
                .forEach((namespace, policies) -> {
                    var sorted = policies.stream()
                            .sorted(AuthenticationPolicies.OLDEST_FIRST)
                            .toList();
                    var isMesh = namespace.equals(rootNamespace);
                    var older = isMesh
                            ? ResourceKey.of(ResourceType.MESH_POLICY, "", DEFAULT_NAME)
                            : ResourceKey.of(ResourceType.POLICY, namespace, DEFAULT_NAME);
                    var where = isMesh ? "the mesh" : namespace;
                    rivals.addSorted(sorted, where);
                    if (peers(sorted.getFirst()).mode().isPresent()) {
                        state.resource(older)
                                .ifPresent(policy -> rivals.addSorted(List.of(sorted.getFirst(), policy), where));
                    }
                });
        return rivals.findings();
    }

    /// Policies of one scope, and over what they meet.
    private record Rivals(String what, Map<List<ResourceKey>, Set<String>> meetings) {
        Rivals(String what) {
            this(what, new LinkedHashMap<>());
        }

        void add(Stream<Resource> policies, String where) {
            addSorted(policies.sorted(AuthenticationPolicies.OLDEST_FIRST).toList(), where);
        }

        void addSorted(List<Resource> policies, String where) {
            policies.stream()
                    .skip(1)
                    .forEach(loser -> meetings.computeIfAbsent(
                                    List.of(policies.getFirst().key(), loser.key()), _ -> new LinkedHashSet<>())
                            .add(where));
        }

        Stream<Finding> findings() {
            var findings = new ArrayList<Finding>();
            meetings.forEach((pair, where) -> findings.add(new Finding(
                    FindingCode.POLICY_SHADOWED,
                    pair.getLast(),
                    "does not hold: " + Words.of(pair.getFirst()) + " goes first, as both " + what + ": "
                            + Words.some(List.copyOf(where)))));
            return findings.stream();
        }
    }

    private Optional<Resource> service(String namespace, String name) {
        return name.isEmpty()
                ? Optional.empty()
                : state.resource(ResourceKey.of(ResourceType.SERVICE, namespace, name));
    }

    private Stream<Resource> peerAuthentications() {
        return state.all(ResourceType.PEER_AUTHENTICATION).stream();
    }

    private static Stream<ServicePort> ports(Resource service) {
        return ((ServiceSpec) service.spec()).ports().stream();
    }

    private static String words(PortSelector port) {
        return port.number().map(String::valueOf).or(port::name).orElse("");
    }

    private static AuthenticationPolicySpec spec(Resource policy) {
        return (AuthenticationPolicySpec) policy.spec();
    }

    private static PeerAuthenticationSpec peers(Resource policy) {
        return (PeerAuthenticationSpec) policy.spec();
    }
}
