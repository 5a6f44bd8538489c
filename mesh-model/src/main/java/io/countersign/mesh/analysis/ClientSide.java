package io.countersign.mesh.analysis;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.NamespaceRules;
import io.countersign.mesh.config.NamespaceRules.NamedRule;
import io.countersign.mesh.projection.MeshSettings;
import io.countersign.mesh.projection.MeshState;
import io.countersign.mesh.projection.Projection;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.mesh.view.RuleLookup;
import io.countersign.mesh.view.RuleLookup.Found;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// How a client speaks to a service's port.
///
/// @param rule that holds; empty where none covers the host
/// @param why who won, who lost
record ClientSide(ClientMode mode, Optional<ResourceKey> rule, List<String> why) {
    /// The lookup that nodes use, over the same records.
    static RuleLookup lookup(MeshState state, MeshSettings settings) {
        var rules = new HashMap<String, List<NamedRule>>();
        return new RuleLookup(
                namespace -> rules.computeIfAbsent(namespace, _ -> rules(state, namespace)), settings.rootNamespace());
    }

    /// @param ranked what covers the host, the rule that holds first
    /// @param automatic whether clients use mutual TLS by themselves
    static ClientSide of(List<Found> ranked, int port, boolean automatic) {
        var why = new ArrayList<String>();
        var byItself = automatic ? ClientMode.AUTO : ClientMode.DISABLE;
        if (ranked.isEmpty()) {
            why.add("no DestinationRule covers the host: " + words(automatic));
            return new ClientSide(byItself, Optional.empty(), List.copyOf(why));
        }
        var winner = ranked.getFirst();
        var explicit = winner.tls(port, Optional.empty()).map(tls -> ClientMode.of(tls.mode()));
        why.add(explicit.map(mode -> "the client sends " + mode + ": " + words(winner))
                .orElseGet(() -> words(winner) + ", holds and says nothing of TLS: " + words(automatic)));
        ranked.stream()
                .skip(1)
                .forEach(loser -> why.add("it goes before " + words(loser)
                        + loser.tls(port, Optional.empty())
                                .map(tls -> ", which says " + tls.mode())
                                .orElse("")));
        return new ClientSide(explicit.orElse(byItself), Optional.of(key(winner)), List.copyOf(why));
    }

    static ResourceKey key(Found found) {
        return ResourceKey.of(ResourceType.DESTINATION_RULE, found.namespace(), found.name());
    }

    private static List<NamedRule> rules(MeshState state, String namespace) {
        // A caller that is in no namespace has no rules of its own.
        return namespace.isEmpty()
                ? List.of()
                : Projection.project(state, ConfigKey.rules(namespace))
                        .map(NamespaceRules.class::cast)
                        .map(NamespaceRules::destinationRules)
                        .orElseGet(List::of);
    }

    private static String words(boolean automatic) {
        return automatic
                ? "the client uses mutual TLS by itself where the endpoint takes it"
                : "automatic mutual TLS is off, the client sends plaintext";
    }

    private static String words(Found found) {
        return Words.of(key(found)) + ", for host " + found.rule().host();
    }
}
