package io.countersign.mesh.view;

import io.countersign.mesh.config.NamespaceRules.NamedRule;
import io.countersign.mesh.resource.ResourceSpec.ClientTls;
import io.countersign.mesh.resource.ResourceSpec.DestinationRuleSpec;
import io.countersign.mesh.resource.ResourceSpec.TrafficTls;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which DestinationRule a client goes by, as Istio has it: of the client's namespace, else of the service's, else
/// of the root namespace. In one namespace the most specific host goes first, then a rule that selects this client,
/// then one with a traffic policy, then the oldest.
///
/// @param rules the rules of a namespace, the oldest first
public record RuleLookup(Function<String, List<NamedRule>> rules, String rootNamespace) {
    private static final String WILDCARD = "*";

    /// The sort is stable, and the rules come oldest first.
    private static final Comparator<NamedRule> ORDER = Comparator.<NamedRule, Boolean>comparing(
                    named -> named.rule().host().startsWith(WILDCARD))
            .thenComparingInt(named -> -named.rule().host().length())
            .thenComparing(named -> named.rule().workloadSelector().isEmpty())
            .thenComparing(named -> named.rule().traffic().isEmpty());

    /// Who asks.
    ///
    /// @param labels of the client's workload
    public record Client(String namespace, SortedMap<String, String> labels) {}

    /// The rule that holds.
    public record Found(String namespace, String name, DestinationRuleSpec rule) {
        /// How clients speak to a port; empty when the rule leaves it to them.
        ///
        /// @param subset of the destination; its settings, where it has some, go before the rule's own
        public Optional<ClientTls> tls(int port, Optional<String> subset) {
            return subset.flatMap(name -> Optional.ofNullable(rule.subsets().get(name)))
                    .flatMap(found -> tls(found.traffic(), port))
                    .or(() -> tls(rule.traffic(), port));
        }

        private static Optional<ClientTls> tls(Optional<TrafficTls> traffic, int port) {
            return traffic.flatMap(settings -> settings.forPort(port));
        }
    }

    /// Finds the rule for a host.
    ///
    /// @param host the service's fully qualified name
    /// @param serviceNamespace where the service is
    public Optional<Found> find(Client client, String host, String serviceNamespace) {
        return ranked(client, host, serviceNamespace).stream().findFirst();
    }

    /// Every rule that would hold for the host if those before it were not there; the one that holds first.
    public List<Found> ranked(Client client, String host, String serviceNamespace) {
        // As in Istio, the root namespace comes last for its own clients too, but for what it keeps to itself: a
        // gateway there goes by a service's rules before those for everybody.
        var own = byHost(
                client,
                client.namespace(),
                host,
                named -> !client.namespace().equals(rootNamespace) || isPrivate(named, rootNamespace));
        var others = Stream.of(serviceNamespace, rootNamespace)
                .flatMap(namespace -> byHost(client, namespace, host, _ -> true));
        return Stream.concat(own, others)
                // A host that has rules, of which none selects this client, hides those of wider hosts, as in Istio.
                .takeWhile(found -> !found.isEmpty())
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    /// A namespace's rules for this client, for one rule host after another, the most specific first.
    private Stream<List<Found>> byHost(Client client, String namespace, String host, Predicate<NamedRule> counts) {
        return rules.apply(namespace).stream()
                .filter(named -> matches(named.rule().host(), host))
                .filter(named -> isExported(named.rule(), namespace, client))
                .filter(counts)
                .sorted(ORDER)
                .collect(Collectors.groupingBy(
                        named -> named.rule().host(), LinkedHashMap::new, Collectors.toUnmodifiableList()))
                .values()
                .stream()
                .map(group -> group.stream()
                        .filter(named -> isSelected(named.rule(), namespace, client))
                        .map(named -> new Found(namespace, named.name(), named.rule()))
                        .toList());
    }

    private static boolean isPrivate(NamedRule named, String namespace) {
        var exportTo = named.rule().exportTo();
        return !exportTo.isEmpty() && Set.of(".", namespace).containsAll(exportTo);
    }

    /// Whether a rule's host covers a fully qualified name.
    public static boolean matches(String ruleHost, String host) {
        return ruleHost.startsWith(WILDCARD) ? host.endsWith(ruleHost.substring(1)) : ruleHost.equals(host);
    }

    private static boolean isExported(DestinationRuleSpec rule, String namespace, Client client) {
        return rule.exportTo().isEmpty()
                || rule.exportTo().contains(WILDCARD)
                || rule.exportTo().contains(client.namespace())
                || (namespace.equals(client.namespace()) && rule.exportTo().contains("."));
    }

    private static boolean isSelected(DestinationRuleSpec rule, String namespace, Client client) {
        return rule.workloadSelector().isEmpty()
                || (namespace.equals(client.namespace())
                        && client.labels()
                                .entrySet()
                                .containsAll(rule.workloadSelector().entrySet()));
    }
}
