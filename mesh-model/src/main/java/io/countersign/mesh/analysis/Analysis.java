package io.countersign.mesh.analysis;

import io.countersign.mesh.projection.MeshState;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Finds what in a mesh's resources does not do what it seems to.
public final class Analysis {
    private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::severity)
            .thenComparing(Finding::code)
            .thenComparing(Finding::resource)
            .thenComparing(Finding::message);

    private Analysis() {}

    /// Every finding, the gravest first. A mesh that is not defined has none.
    public static List<Finding> of(MeshState state) {
        if (state.settings().isEmpty()) {
            return List.of();
        }
        var services = Services.of(state);
        return Stream.of(
                        new RuleFindings(state, services, state.settings().get()).all(),
                        new PolicyFindings(
                                        state, services, state.settings().get().rootNamespace())
                                .all(),
                        new ServiceFindings(state, services).all())
                .flatMap(found -> found)
                .distinct()
                .sorted(ORDER)
                .toList();
    }
}
