package io.countersign.mesh.projection;

import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceSpec.AuthenticationPolicySpec;
import io.countersign.mesh.resource.ResourceSpec.PeerAuthenticationSpec;
import io.countersign.mesh.resource.ResourceSpec.ServicePort;
import io.countersign.mesh.resource.ResourceType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;

/// Which authentication policy holds for a port. The narrowest scope wins; in each scope PeerAuthentication of
/// `security.istio.io` goes before Policy and MeshPolicy of `authentication.istio.io/v1alpha1`, and of two of a
/// kind the older holds. As Istio has it, a PeerAuthentication that selects workloads does not count in the root
/// namespace, and only the oldest that selects a workload counts for it, also where it leaves the mode open.
public final class AuthenticationPolicies {
    private static final String DEFAULT_NAME = "default";

    /// Which of two at one level holds. Of two as old, the first by name.
    public static final Comparator<Resource> OLDEST_FIRST =
            Comparator.comparing(Resource::created).thenComparing(Resource::key);

    private AuthenticationPolicies() {}

    /// What a policy is written for, from the narrowest to the widest.
    public enum Scope {
        WORKLOAD_PORT("the workload's port"),
        WORKLOAD("the workload"),
        SERVICE_PORT("the service"),
        NAMESPACE("the namespace"),
        MESH("the mesh"),
        MESH_DEFAULT("the mesh's default mode");

        private final String words;

        Scope(String words) {
            this.words = words;
        }

        /// For people.
        public String words() {
            return words;
        }
    }

    /// A policy that has something to say about a port.
    ///
    /// @param policy empty for the mesh's default mode
    public record Candidate(Scope scope, MtlsMode mode, Optional<ResourceKey> policy) {}

    /// A workload's port, and the service's port that leads to it, if one does.
    public record Inbound(
            String namespace,
            SortedMap<String, String> labels,
            int port,
            Optional<ResourceKey> service,
            Optional<ServicePort> servicePort) {
        /// A port that no service leads to; 0 for all of those.
        public static Inbound of(String namespace, SortedMap<String, String> labels, int port) {
            return new Inbound(namespace, labels, port, Optional.empty(), Optional.empty());
        }

        /// A port that a service leads to.
        public static Inbound of(
                String namespace,
                SortedMap<String, String> labels,
                int port,
                ResourceKey service,
                ServicePort servicePort) {
            return new Inbound(namespace, labels, port, Optional.of(service), Optional.of(servicePort));
        }
    }

    /// The mode that holds.
    public static MtlsMode mode(MeshState state, Inbound inbound) {
        return ranked(state, inbound).getFirst().mode();
    }

    /// Everything that has a say, the one that holds first; never empty.
    public static List<Candidate> ranked(MeshState state, Inbound inbound) {
        var found = new ArrayList<Candidate>();
        var root = state.settings().map(MeshSettings::rootNamespace).orElse("");
        selecting(state, inbound, root).ifPresent(policy -> {
            var spec = peers(policy);
            Optional.ofNullable(spec.ports().get(inbound.port()))
                    .ifPresent(mode -> found.add(candidate(Scope.WORKLOAD_PORT, mode, policy)));
            spec.mode().ifPresent(mode -> found.add(candidate(Scope.WORKLOAD, mode, policy)));
        });
        targeting(state, inbound).forEach(policy -> found.add(candidate(Scope.SERVICE_PORT, mode(policy), policy)));
        if (!inbound.namespace().equals(root)) {
            found.addAll(wholeNamespace(state, inbound.namespace(), Scope.NAMESPACE));
        }
        state.resource(ResourceKey.of(ResourceType.POLICY, inbound.namespace(), DEFAULT_NAME))
                .ifPresent(policy -> found.add(candidate(Scope.NAMESPACE, mode(policy), policy)));
        if (!root.isEmpty()) {
            found.addAll(wholeNamespace(state, root, Scope.MESH));
        }
        state.resource(ResourceKey.of(ResourceType.MESH_POLICY, "", DEFAULT_NAME))
                .ifPresent(policy -> found.add(candidate(Scope.MESH, mode(policy), policy)));
        found.add(new Candidate(
                Scope.MESH_DEFAULT,
                state.settings().map(MeshSettings::defaultMode).orElse(MtlsMode.STRICT),
                Optional.empty()));
        return List.copyOf(found);
    }

    /// The one PeerAuthentication that selects the workload.
    static Optional<Resource> selecting(MeshState state, Inbound inbound, String rootNamespace) {
        return inbound.namespace().equals(rootNamespace)
                ? Optional.empty()
                : peerAuthentications(state, inbound.namespace(), spec -> spec.selects(inbound.labels())).stream()
                        .findFirst();
    }

    private static List<Resource> targeting(MeshState state, Inbound inbound) {
        if (inbound.service().isEmpty() || inbound.servicePort().isEmpty()) {
            return List.of();
        }
        var service = inbound.service().get().name();
        var port = inbound.servicePort().get();
        return state.in(ResourceType.POLICY, inbound.namespace()).stream()
                .filter(policy -> spec(policy).targets().stream()
                        .anyMatch(target -> target.service().equals(service) && target.selects(port)))
                .sorted(OLDEST_FIRST)
                .toList();
    }

    private static List<Candidate> wholeNamespace(MeshState state, String namespace, Scope scope) {
        return peerAuthentications(state, namespace, spec -> spec.selector().isEmpty()).stream()
                .limit(1)
                .flatMap(policy -> peers(policy).mode().map(mode -> candidate(scope, mode, policy)).stream())
                .toList();
    }

    private static List<Resource> peerAuthentications(
            MeshState state, String namespace, Predicate<PeerAuthenticationSpec> which) {
        return state.in(ResourceType.PEER_AUTHENTICATION, namespace).stream()
                .filter(policy -> which.test(peers(policy)))
                .sorted(OLDEST_FIRST)
                .toList();
    }

    private static Candidate candidate(Scope scope, MtlsMode mode, Resource policy) {
        return new Candidate(scope, mode, Optional.of(policy.key()));
    }

    private static MtlsMode mode(Resource policy) {
        return spec(policy).mode();
    }

    private static AuthenticationPolicySpec spec(Resource policy) {
        return (AuthenticationPolicySpec) policy.spec();
    }

    private static PeerAuthenticationSpec peers(Resource policy) {
        return (PeerAuthenticationSpec) policy.spec();
    }
}
