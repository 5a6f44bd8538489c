package io.countersign.mesh.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.mesh.config.NamespaceRules.NamedRule;
import io.countersign.mesh.resource.ResourceSpec.ClientTls;
import io.countersign.mesh.resource.ResourceSpec.DestinationRuleSpec;
import io.countersign.mesh.resource.ResourceSpec.Subset;
import io.countersign.mesh.resource.ResourceSpec.TlsMode;
import io.countersign.mesh.resource.ResourceSpec.TrafficTls;
import io.countersign.mesh.view.RuleLookup.Client;
import io.countersign.mesh.view.RuleLookup.Found;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Which rule holds for sleep in namespace legacy that calls httpbin in namespace full; istio-system is the root.
class RuleLookupTest {
    private static final String HOST = "httpbin.full.svc.cluster.local";
    private static final Client SLEEP = new Client("legacy", new TreeMap<>(Map.of("app", "sleep")));

    static Stream<Arguments> rules() {
        return Stream.of(
                row("no rule", Map.of(), ""),
                row("a rule of the client's namespace", Map.of("legacy", List.of(rule("a", HOST))), "legacy/a"),
                row(
                        "the client's namespace goes before the service's",
                        Map.of("legacy", List.of(rule("a", "*.local")), "full", List.of(rule("b", HOST))),
                        "legacy/a"),
                row(
                        "the service's namespace goes before the root namespace",
                        Map.of("full", List.of(rule("b", "*")), "istio-system", List.of(rule("c", HOST))),
                        "full/b"),
                row(
                        "the root namespace comes last",
                        Map.of("istio-system", List.of(rule("c", "*.local"))),
                        "istio-system/c"),
                row("another namespace does not count", Map.of("partial", List.of(rule("d", HOST))), ""),
                row("another host does not count", Map.of("legacy", List.of(rule("a", "sleep.full"))), ""),
                row(
                        "an exact host goes before a wildcard",
                        Map.of("legacy", List.of(rule("wide", "*.local"), rule("exact", HOST))),
                        "legacy/exact"),
                row(
                        "the longer wildcard is the more specific",
                        Map.of("legacy", List.of(rule("wide", "*.local"), rule("narrow", "*.full.svc.cluster.local"))),
                        "legacy/narrow"),
                row(
                        "of two rules for one host the older holds",
                        Map.of("legacy", List.of(rule("older", HOST), rule("younger", HOST))),
                        "legacy/older"),
                row(
                        "a rule with a traffic policy goes before an older one without",
                        Map.of("legacy", List.of(empty("older"), rule("younger", HOST))),
                        "legacy/younger"),
                row(
                        "exportTo . keeps a rule in its namespace",
                        Map.of("full", List.of(exported("a", ".")), "istio-system", List.of(rule("c", "*"))),
                        "istio-system/c"),
                row("exportTo . holds in its own namespace", Map.of("legacy", List.of(exported("a", "."))), "legacy/a"),
                row("exportTo names namespaces", Map.of("full", List.of(exported("a", "legacy"))), "full/a"),
                row("exportTo another namespace only", Map.of("full", List.of(exported("a", "partial"))), ""),
                row("exportTo * is for all", Map.of("full", List.of(exported("a", "*"))), "full/a"),
                row(
                        "a more specific host goes before a rule that selects the client",
                        Map.of("legacy", List.of(selecting("selects", "sleep"), rule("exact", HOST))),
                        "legacy/exact"),
                row(
                        "of two for one host the one that selects the client goes first",
                        Map.of("legacy", List.of(rule("all", "*"), selecting("selects", "sleep"))),
                        "legacy/selects"),
                row(
                        "a rule that selects other clients does not count",
                        Map.of("legacy", List.of(selecting("others", "web"))),
                        ""),
                row(
                        "a host whose rules select other clients hides wider hosts",
                        Map.of("legacy", List.of(selecting("others", "web", HOST), rule("wide", "*.local"))),
                        ""),
                row(
                        "and other namespaces",
                        Map.of("legacy", List.of(selecting("others", "web")), "full", List.of(rule("b", HOST))),
                        ""),
                row(
                        "a selector counts in the rule's own namespace only",
                        Map.of("full", List.of(selecting("elsewhere", "sleep"))),
                        ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void findsTheRuleThatHolds(String rule, Map<String, List<NamedRule>> rules, String expected) {
        // Given
        var lookup = new RuleLookup(namespace -> rules.getOrDefault(namespace, List.of()), "istio-system");

        // When
        var found = lookup.find(SLEEP, HOST, "full");

        // Then
        assertThat(found.map(each -> each.namespace() + "/" + each.name()).orElse(""))
                .as(rule)
                .isEqualTo(expected);
    }

    @Test
    void aClientOfTheRootNamespaceGoesByTheServicesRulesFirst() {
        // Given
        var rules =
                Map.of("full", List.of(rule("b", "*")), "istio-system", List.of(rule("c", HOST), exported("own", ".")));
        var lookup = new RuleLookup(namespace -> rules.getOrDefault(namespace, List.of()), "istio-system");

        // When
        var found = lookup.ranked(new Client("istio-system", new TreeMap<>()), HOST, "full");

        // Then
        assertThat(found).extracting(Found::name).containsExactly("own", "b", "c");
    }

    @ParameterizedTest
    @CsvSource({
        "*, a.b, true",
        "*.local, a.local, true",
        "*.local, local, false",
        "*.b.local, a.local, false",
        "a.local, a.local, true",
        "a.local, b.a.local, false",
    })
    void aWildcardStandsForWholeLabels(String ruleHost, String host, boolean matches) {
        assertThat(RuleLookup.matches(ruleHost, host)).isEqualTo(matches);
    }

    @Test
    void theNarrowestSettingsOfARuleHold() {
        // Given
        var ports = new TreeMap<>(Map.of(9000, Optional.of(tls(TlsMode.DISABLE)), 9001, Optional.<ClientTls>empty()));
        var traffic = Optional.of(new TrafficTls(Optional.of(tls(TlsMode.ISTIO_MUTUAL)), ports));
        var subsets = new TreeMap<>(Map.of(
                "simple", new Subset(new TreeMap<>(), traffic(TlsMode.SIMPLE)),
                "plain", new Subset(new TreeMap<>(), Optional.empty())));
        var found = new Found("full", "a", new DestinationRuleSpec(HOST, List.of(), new TreeMap<>(), traffic, subsets));

        // Then
        assertThat(found.tls(8000, Optional.empty())).contains(tls(TlsMode.ISTIO_MUTUAL));
        assertThat(found.tls(9000, Optional.empty())).contains(tls(TlsMode.DISABLE));
        assertThat(found.tls(9001, Optional.empty())).isEmpty();
        assertThat(found.tls(8000, Optional.of("simple"))).contains(tls(TlsMode.SIMPLE));
        assertThat(found.tls(8000, Optional.of("plain"))).contains(tls(TlsMode.ISTIO_MUTUAL));
        assertThat(found.tls(8000, Optional.of("unknown"))).contains(tls(TlsMode.ISTIO_MUTUAL));
    }

    private static Arguments row(String rule, Map<String, List<NamedRule>> rules, String expected) {
        return Arguments.of(rule, rules, expected);
    }

    private static NamedRule rule(String name, String host) {
        return rule(name, host, List.of(), Map.of(), traffic(TlsMode.ISTIO_MUTUAL));
    }

    private static NamedRule empty(String name) {
        return rule(name, HOST, List.of(), Map.of(), Optional.empty());
    }

    private static NamedRule exported(String name, String namespace) {
        return rule(name, HOST, List.of(namespace), Map.of(), traffic(TlsMode.ISTIO_MUTUAL));
    }

    private static NamedRule selecting(String name, String app) {
        return selecting(name, app, "*");
    }

    private static NamedRule selecting(String name, String app, String host) {
        return rule(name, host, List.of(), Map.of("app", app), traffic(TlsMode.ISTIO_MUTUAL));
    }

    private static NamedRule rule(
            String name,
            String host,
            List<String> exportTo,
            Map<String, String> selector,
            Optional<TrafficTls> traffic) {
        return new NamedRule(
                name, new DestinationRuleSpec(host, exportTo, new TreeMap<>(selector), traffic, new TreeMap<>()));
    }

    private static Optional<TrafficTls> traffic(TlsMode mode) {
        return Optional.of(new TrafficTls(Optional.of(tls(mode)), new TreeMap<>()));
    }

    private static ClientTls tls(TlsMode mode) {
        return new ClientTls(
                mode, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty(), false);
    }
}
