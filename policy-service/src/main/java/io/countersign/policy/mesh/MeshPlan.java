package io.countersign.policy.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.object.Json;
import io.countersign.policy.object.Manifest;
import io.countersign.policy.object.NameRules;
import io.countersign.policy.object.StoredObject.Labelling;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a new mesh begins.
///
/// @param defaultMode in force where no policy is, and written down in the first MeshPolicy
/// @param autoMtls whether clients use mutual TLS by themselves where the server takes it
public record MeshPlan(TrustDomain trustDomain, String rootNamespace, MtlsMode defaultMode, boolean autoMtls) {
    private static final String DEFAULT = "default";

    public MeshPlan {
        NameRules.problem(ResourceType.NAMESPACE, rootNamespace).ifPresent(problem -> {
            throw new InvalidInput("mesh root namespace: " + problem.message());
        });
    }

    /// The namespaces that are there from the start and stay.
    public Set<String> firstNamespaces() {
        return new LinkedHashSet<>(List.of(rootNamespace, DEFAULT));
    }

    /// The first objects, in their order.
    List<Manifest> firstObjects() {
        var objects = new ArrayList<Manifest>();
        firstNamespaces()
                .forEach(name -> objects.add(manifest(ResourceKey.of(ResourceType.NAMESPACE, "", name), null)));
        objects.add(manifest(ResourceKey.of(ResourceType.MESH_POLICY, "", DEFAULT), policy()));
        return List.copyOf(objects);
    }

    /// No peers at all is how a policy says DISABLE.
    private JsonNode policy() {
        var spec = Json.object();
        if (defaultMode != MtlsMode.DISABLE) {
            spec.putArray("peers").addObject().putObject("mtls").put("mode", defaultMode.name());
        }
        return spec;
    }

    private static Manifest manifest(ResourceKey key, @Nullable JsonNode spec) {
        return new Manifest(key, Optional.empty(), Optional.empty(), Labelling.NONE, spec);
    }
}
