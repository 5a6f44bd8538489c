package io.countersign.mesh.analysis;

import io.countersign.mesh.resource.ResourceKey;
import java.util.List;

/// How resources are named in sentences.
final class Words {
    private static final int NAMES_MAX = 3;

    private Words() {}

    /// As `Policy httpbin in full`, or `MeshPolicy default`.
    static String of(ResourceKey key) {
        var name = key.type().kind() + " " + key.name();
        return key.namespace().isEmpty() ? name : name + " in " + key.namespace();
    }

    /// As `a, b, c and 4 more`.
    static String some(List<String> names) {
        var shown = String.join(", ", names.subList(0, Math.min(names.size(), NAMES_MAX)));
        var more = names.size() - NAMES_MAX;
        return more > 0 ? shown + " and " + more + " more" : shown;
    }
}
