package io.countersign.mesh.resource;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Every kind that people write, with what its API needs: group, versions (the preferred one first), names, scope,
/// schema of its `spec` and the columns that `kubectl get` prints. Groups and kinds are Kubernetes' and Istio's.
public enum ResourceType {
    NAMESPACE("", List.of("v1"), "Namespace", "namespaces", List.of("ns"), false, ResourceSchemas.NAMESPACE),
    SERVICE("", List.of("v1"), "Service", "services", List.of("svc"), true, ResourceSchemas.SERVICE),
    WORKLOAD_ENTRY(
            "networking.istio.io",
            List.of("v1", "v1beta1", "v1alpha3"),
            "WorkloadEntry",
            "workloadentries",
            List.of("we"),
            true,
            ResourceSchemas.WORKLOAD_ENTRY),
    POLICY(
            "authentication.istio.io",
            List.of("v1alpha1"),
            "Policy",
            "policies",
            List.of(),
            true,
            ResourceSchemas.POLICY),
    MESH_POLICY(
            "authentication.istio.io",
            List.of("v1alpha1"),
            "MeshPolicy",
            "meshpolicies",
            List.of(),
            false,
            ResourceSchemas.POLICY),
    PEER_AUTHENTICATION(
            "security.istio.io",
            List.of("v1", "v1beta1"),
            "PeerAuthentication",
            "peerauthentications",
            List.of("pa"),
            true,
            ResourceSchemas.PEER_AUTHENTICATION),
    DESTINATION_RULE(
            "networking.istio.io",
            List.of("v1", "v1beta1", "v1alpha3"),
            "DestinationRule",
            "destinationrules",
            List.of("dr"),
            true,
            ResourceSchemas.DESTINATION_RULE);

    private final String group;
    private final List<String> versions;
    private final String kind;
    private final String plural;
    private final List<String> shortNames;
    private final boolean namespaced;
    private final Schema.Fields specSchema;

    ResourceType(
            String group,
            List<String> versions,
            String kind,
            String plural,
            List<String> shortNames,
            boolean namespaced,
            Schema.Fields specSchema) {
        this.group = group;
        this.versions = versions;
        this.kind = kind;
        this.plural = plural;
        this.shortNames = shortNames;
        this.namespaced = namespaced;
        this.specSchema = specSchema;
    }

    /// The kind of a group, or empty when this mesh does not know it.
    public static Optional<ResourceType> of(String group, String kind) {
        return Arrays.stream(values())
                .filter(type -> type.group.equals(group) && type.kind.equals(kind))
                .findFirst();
    }

    /// The API group; empty for the core group.
    public String group() {
        return group;
    }

    public List<String> versions() {
        return versions;
    }

    public String kind() {
        return kind;
    }

    public String plural() {
        return plural;
    }

    public String singular() {
        return kind.toLowerCase(java.util.Locale.ROOT);
    }

    public List<String> shortNames() {
        return shortNames;
    }

    public boolean namespaced() {
        return namespaced;
    }

    public Schema.Fields specSchema() {
        return specSchema;
    }
}
