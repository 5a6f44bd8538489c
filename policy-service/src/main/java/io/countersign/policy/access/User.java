package io.countersign.policy.access;

import java.security.Principal;
import java.util.Set;

/// Who asks.
public record User(String name, Set<String> groups) implements Principal {
    /// Kubernetes' group of those who may do everything.
    static final String MASTERS = "system:masters";

    public User {
        groups = Set.copyOf(groups);
    }

    @Override
    public String getName() {
        return name;
    }

    /// Whether the user may write; everybody who is known may read.
    public boolean mayWrite() {
        return groups.contains(MASTERS);
    }
}
