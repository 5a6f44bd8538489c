package io.countersign.policy.api;

import io.countersign.mesh.resource.ResourceType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a path of the Kubernetes API names: all objects of a type, those of a namespace, or one.
///
/// @param namespace empty for all namespaces and for types that are in none
/// @param name empty for a collection
record ApiPath(ResourceType type, String version, Optional<String> namespace, Optional<String> name) {
    private static final String NAMESPACES = "namespaces";

    /// Reads a path without its leading slash; empty for one that names nothing here.
    static Optional<ApiPath> parse(String path) {
        var parts = List.of(path.split("/", -1));
        if (parts.size() > 2 && parts.getFirst().equals("api")) {
            return parse("", parts.get(1), parts.subList(2, parts.size()));
        }
        if (parts.size() > 3 && parts.getFirst().equals("apis")) {
            return parse(parts.get(1), parts.get(2), parts.subList(3, parts.size()));
        }
        return Optional.empty();
    }

    private static Optional<ApiPath> parse(String group, String version, List<String> rest) {
        if (rest.stream().anyMatch(String::isEmpty)) {
            return Optional.empty();
        }
        if (rest.getFirst().equals(NAMESPACES) && rest.size() > 2) {
            return of(group, version, rest.get(2), Optional.of(rest.get(1)), rest.subList(3, rest.size()));
        }
        return of(group, version, rest.getFirst(), Optional.empty(), rest.subList(1, rest.size()));
    }

    private static Optional<ApiPath> of(
            String group, String version, String plural, Optional<String> namespace, List<String> rest) {
        return Arrays.stream(ResourceType.values())
                .filter(type -> type.group().equals(group)
                        && type.plural().equals(plural)
                        && type.versions().contains(version))
                .findFirst()
                .filter(type -> type.namespaced() || namespace.isEmpty())
                .filter(type -> rest.isEmpty() || (rest.size() == 1 && type.namespaced() == namespace.isPresent()))
                .map(type -> new ApiPath(type, version, namespace, rest.stream().findFirst()));
    }

    /// The namespace in a key: empty for types that are in none.
    String namespaceOrEmpty() {
        return namespace.orElse("");
    }
}
