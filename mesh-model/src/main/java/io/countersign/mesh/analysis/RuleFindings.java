package io.countersign.mesh.analysis;

import io.countersign.mesh.analysis.Services.Service;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.projection.AuthenticationPolicies;
import io.countersign.mesh.projection.MeshSettings;
import io.countersign.mesh.projection.MeshState;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceSpec.DestinationRuleSpec;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.mesh.view.RuleLookup;
import io.countersign.mesh.view.RuleLookup.Client;
import io.countersign.mesh.view.RuleLookup.Found;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// DestinationRules that do not fit the servers that they are for, or are for nothing.
record RuleFindings(MeshState state, Services services, MeshSettings settings) {
    /// What a rule does to some ports.
    private record Effect(FindingCode code, ResourceKey rule, String what) {
        static final Comparator<Effect> ORDER =
                Comparator.comparing(Effect::code).thenComparing(Effect::rule).thenComparing(Effect::what);

        Finding on(Set<String> targets) {
            return new Finding(code, rule, what + ": " + Words.some(List.copyOf(targets)));
        }
    }

    Stream<Finding> all() {
        var effects = new TreeMap<Effect, Set<String>>(Effect.ORDER);
        var lookup = ClientSide.lookup(state, settings);
        var clients = clients();
        services.all()
                .forEach(service -> clients(clients, service)
                        .flatMap(client -> lookup.ranked(client, service.host(), service.namespace()).stream()
                                .limit(1))
                        .distinct()
                        .forEach(found -> addEffects(service, found, effects)));
        return Stream.of(
                        effects.entrySet().stream().map(entry -> entry.getKey().on(entry.getValue())),
                        rules().flatMap(rule -> withoutService(rule).stream()),
                        shadowed())
                .flatMap(found -> found);
    }

    /// Clients that stand for all: rules make a difference by namespace and by what they select, and by nothing else.
    /// The one in no namespace stands for every namespace that no rule is in or names.
    private Set<Client> clients() {
        var clients = new LinkedHashSet<Client>();
        clients.add(in(""));
        rules().filter(rule -> mayHaveClients(rule.key().namespace())).forEach(rule -> {
            clients.add(in(rule.key().namespace()));
            clients.add(new Client(rule.key().namespace(), spec(rule).workloadSelector()));
        });
        rules().flatMap(rule -> spec(rule).exportTo().stream())
                .filter(namespace -> !namespace.equals(".") && !namespace.equals("*"))
                .forEach(namespace -> clients.add(in(namespace)));
        return clients;
    }

    /// Rules in the root namespace are for all others; it seldom has clients of its own.
    private boolean mayHaveClients(String namespace) {
        return !namespace.equals(settings.rootNamespace())
                || !services.workloads(namespace).isEmpty();
    }

    private static Stream<Client> clients(Set<Client> clients, Service service) {
        return Stream.concat(clients.stream(), Stream.of(in(service.namespace())));
    }

    private static Client in(String namespace) {
        return new Client(namespace, Collections.emptySortedMap());
    }

    private void addEffects(Service service, Found found, TreeMap<Effect, Set<String>> effects) {
        for (var port : service.ports()) {
            var server = ServerSide.of(state, services, service, port).mode();
            var explicit = found.tls(port.port(), Optional.empty()).map(tls -> ClientMode.of(tls.mode()));
            explicit.map(mode -> explicit(service, found, mode, server))
                    .orElseGet(() -> automatic(found, server))
                    .ifPresent(effect -> effects.computeIfAbsent(effect, _ -> new TreeSet<>())
                            .add(service.host() + ":" + port.port()));
        }
    }

    private static Optional<Effect> explicit(Service service, Found found, ClientMode mode, MtlsMode server) {
        var rule = ClientSide.key(found);
        var sends = "makes clients send " + mode;
        if (mode != ClientMode.ISTIO_MUTUAL) {
            return server == MtlsMode.STRICT
                    ? Optional.of(new Effect(
                            FindingCode.RULE_PLAINTEXT_TO_STRICT,
                            rule,
                            sends + " where only mutual TLS is taken, so requests fail"))
                    : Optional.empty();
        }
        if (server == MtlsMode.DISABLE) {
            return Optional.of(new Effect(
                    FindingCode.RULE_MUTUAL_TO_PLAINTEXT,
                    rule,
                    sends + " where only plaintext is taken, so requests fail"));
        }
        return service.members().stream().anyMatch(workload -> workload.proxy() == ProxyPresence.NONE)
                ? Optional.of(new Effect(
                        FindingCode.RULE_MUTUAL_WITHOUT_PROXY,
                        rule,
                        sends + " to workloads without a proxy, where requests fail"))
                : Optional.empty();
    }

    private Optional<Effect> automatic(Found found, MtlsMode server) {
        return found.rule().traffic().isPresent() && settings.autoMtls() && server == MtlsMode.STRICT
                ? Optional.of(new Effect(
                        FindingCode.RULE_WITHOUT_TLS,
                        ClientSide.key(found),
                        "has a traffic policy without tls, and mutual TLS goes on by itself"))
                : Optional.empty();
    }

    private Optional<Finding> withoutService(Resource rule) {
        var host = spec(rule).host();
        if (services.all().anyMatch(service -> RuleLookup.matches(host, service.host()))) {
            return Optional.empty();
        }
        var meant = services.all().filter(service -> service.isMeant(host, "")).findFirst();
        return Optional.of(meant.map(service -> new Finding(
                        FindingCode.RULE_HOST_IS_SHORT,
                        rule.key(),
                        "host " + host + " covers nothing: a host with a dot is taken as it is (expected: "
                                + service.host() + ")"))
                .orElseGet(() -> new Finding(
                        FindingCode.RULE_WITHOUT_SERVICE,
                        rule.key(),
                        "host " + host + " is no service of the mesh: the rule is for nothing")));
    }

    /// For whom a rule is, if no other is older.
    private record Place(String namespace, String host, List<String> exportTo, SortedMap<String, String> selector) {
        static Place of(Resource rule) {
            var spec = spec(rule);
            return new Place(rule.key().namespace(), spec.host(), spec.exportTo(), spec.workloadSelector());
        }
    }

    private Stream<Finding> shadowed() {
        var order = Comparator.<Resource, Boolean>comparing(
                        rule -> spec(rule).traffic().isEmpty())
                .thenComparing(AuthenticationPolicies.OLDEST_FIRST);
        return rules().sorted(order).collect(Collectors.groupingBy(Place::of)).values().stream()
                .flatMap(rules -> rules.stream()
                        .skip(1)
                        .map(loser -> new Finding(
                                FindingCode.RULE_SHADOWED,
                                loser.key(),
                                "is never used: " + Words.of(rules.getFirst().key())
                                        + " is for the same host and goes first")));
    }

    private Stream<Resource> rules() {
        return state.all(ResourceType.DESTINATION_RULE).stream();
    }

    private static DestinationRuleSpec spec(Resource rule) {
        return (DestinationRuleSpec) rule.spec();
    }
}
