package io.countersign.mesh.projection;

import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceSpec.AuthenticationPolicySpec;
import io.countersign.mesh.resource.ResourceSpec.ServicePort;
import io.countersign.mesh.resource.ResourceType;
import java.util.Comparator;
import java.util.Optional;

/// Which authentication policy holds, by the rules of `authentication.istio.io/v1alpha1`: a policy that targets the
/// service's port, then the namespace's `default`, then the mesh policy `default`, then the mesh's default mode.
public final class AuthenticationPolicies {
    private static final String DEFAULT_NAME = "default";

    /// Of two policies at one level the older holds; of two as old, the first by name.
    private static final Comparator<Resource> OLDEST_FIRST =
            Comparator.comparing(Resource::created).thenComparing(Resource::key);

    private AuthenticationPolicies() {}

    /// A mode and where it comes from.
    ///
    /// @param policy empty when no policy is there and the mesh's default mode holds
    public record InForce(MtlsMode mode, Optional<ResourceKey> policy) {}

    /// What holds for a port of a service.
    public static InForce forServicePort(MeshState state, ResourceKey service, ServicePort port) {
        return state.in(ResourceType.POLICY, service.namespace()).stream()
                .filter(policy -> spec(policy).targets().stream()
                        .anyMatch(target -> target.service().equals(service.name()) && target.selects(port)))
                .min(OLDEST_FIRST)
                .map(AuthenticationPolicies::inForce)
                .orElseGet(() -> forNamespace(state, service.namespace()));
    }

    /// What holds for a namespace where no policy targets more narrowly.
    public static InForce forNamespace(MeshState state, String namespace) {
        return state.resource(ResourceKey.of(ResourceType.POLICY, namespace, DEFAULT_NAME))
                .or(() -> state.resource(ResourceKey.of(ResourceType.MESH_POLICY, "", DEFAULT_NAME)))
                .map(AuthenticationPolicies::inForce)
                .orElseGet(() -> new InForce(
                        state.settings().map(MeshSettings::defaultMode).orElse(MtlsMode.STRICT), Optional.empty()));
    }

    private static InForce inForce(Resource policy) {
        return new InForce(spec(policy).mode(), Optional.of(policy.key()));
    }

    private static AuthenticationPolicySpec spec(Resource policy) {
        return (AuthenticationPolicySpec) policy.spec();
    }
}
