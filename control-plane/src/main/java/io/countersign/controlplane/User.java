package io.countersign.controlplane;

import java.util.Set;

/// Who asks.
public record User(String name, Set<String> groups) {
    /// Kubernetes' group of those who may do everything.
    private static final String MASTERS = "system:masters";

    public User {
        groups = Set.copyOf(groups);
    }

    /// Whether the user may write; everybody who is known may read.
    public boolean mayWrite() {
        return groups.contains(MASTERS);
    }
}
