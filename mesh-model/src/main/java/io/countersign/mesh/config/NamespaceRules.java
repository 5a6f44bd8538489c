package io.countersign.mesh.config;

import io.countersign.mesh.resource.ResourceSpec.DestinationRuleSpec;
import java.util.List;

/// The rules for clients that were written in one namespace; each node finds by them how it speaks to a host.
///
/// @param destinationRules the oldest first
public record NamespaceRules(String namespace, List<NamedRule> destinationRules) implements ConfigRecord {
    public NamespaceRules {
        destinationRules = List.copyOf(destinationRules);
    }

    /// A rule and its name in the namespace.
    public record NamedRule(String name, DestinationRuleSpec rule) {}

    @Override
    public ConfigKey key() {
        return ConfigKey.rules(namespace);
    }
}
