package io.countersign.mesh.analysis;

import io.countersign.mesh.analysis.Services.Service;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.projection.AuthenticationPolicies;
import io.countersign.mesh.projection.AuthenticationPolicies.Candidate;
import io.countersign.mesh.projection.AuthenticationPolicies.Inbound;
import io.countersign.mesh.projection.AuthenticationPolicies.Scope;
import io.countersign.mesh.projection.MeshState;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceSpec.ServicePort;
import io.countersign.mesh.resource.ResourceType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What a service's port takes from its callers.
///
/// @param policy that holds; empty for the mesh's default mode
/// @param why who won, who lost
record ServerSide(MtlsMode mode, Optional<ResourceKey> policy, List<String> why) {
    /// What holds at one workload, by the service port that asks for the most there.
    private record Holding(String workload, ResourceKey service, List<Candidate> ranked) {
        MtlsMode mode() {
            return ranked.getFirst().mode();
        }
    }

    /// Finds what holds over all workloads of the service: the narrowest mode of any of them.
    static ServerSide of(MeshState state, Services services, Service service, ServicePort port) {
        var holdings = service.members().stream()
                .flatMap(workload -> holding(state, services, service, port, workload).stream())
                .toList();
        var why = new ArrayList<String>();
        if (holdings.isEmpty()) {
            why.add("no workload is behind " + service.host() + ":" + port.port());
            var inbound = Inbound.of(
                    service.namespace(),
                    Collections.emptySortedMap(),
                    0,
                    service.resource().key(),
                    port);
            return of(AuthenticationPolicies.ranked(state, inbound), why);
        }
        var shown = holdings.stream().max(Comparator.comparing(Holding::mode)).get();
        explainDifferences(holdings, shown, why);
        if (!shown.service().equals(service.resource().key())) {
            why.add(Words.of(shown.service()) + " leads to the same port of workload " + shown.workload()
                    + " and asks for more there");
        }
        return of(shown.ranked(), why);
    }

    /// A sentence for every workload at which another service asks for more than this one, on the same port.
    static List<String> overruled(MeshState state, Services services, Service service, ServicePort port) {
        return service.members().stream()
                .flatMap(workload -> holding(state, services, service, port, workload).stream())
                .filter(holding -> !holding.service().equals(service.resource().key()))
                .map(holding -> "port " + port.port() + " shares a port of workload " + holding.workload() + " with "
                        + Words.of(holding.service()) + ", which asks for more: " + holding.mode() + " holds for both")
                .toList();
    }

    private static ServerSide of(List<Candidate> ranked, List<String> why) {
        var winner = ranked.getFirst();
        why.add("the server takes " + winner.mode() + ": " + words(winner));
        ranked.stream()
                .skip(1)
                .forEach(loser -> why.add("it goes before " + words(loser) + ", which says " + loser.mode()));
        return new ServerSide(winner.mode(), winner.policy(), List.copyOf(why));
    }

    private static String words(Candidate candidate) {
        return candidate
                .policy()
                .map(policy -> Words.of(policy) + ", for " + candidate.scope().words())
                .orElseGet(Scope.MESH_DEFAULT::words);
    }

    private static void explainDifferences(List<Holding> holdings, Holding shown, List<String> why) {
        var names = new TreeMap<MtlsMode, List<String>>(Comparator.reverseOrder());
        holdings.forEach(holding ->
                names.computeIfAbsent(holding.mode(), _ -> new ArrayList<>()).add(holding.workload()));
        if (names.size() > 1) {
            var each = names.entrySet().stream()
                    .map(entry -> entry.getKey() + " at " + Words.some(entry.getValue()))
                    .toList();
            why.add("the service's workloads differ: " + String.join("; ", each) + "; " + shown.mode()
                    + ", the narrowest, is shown");
        }
    }

    private static Optional<Holding> holding(
            MeshState state, Services services, Service service, ServicePort port, WorkloadConfig workload) {
        var own = service.resource().key();
        var number = workload.services()
                .getOrDefault(Services.id(own), Collections.emptySortedMap())
                .get(port.port());
        if (number == null) {
            return Optional.empty();
        }
        return inbounds(services, workload, number)
                .map(inbound -> new Holding(
                        workload.name(), inbound.service().orElse(own), AuthenticationPolicies.ranked(state, inbound)))
                .max(Comparator.comparing(Holding::mode)
                        .thenComparing(holding -> holding.service().equals(own)));
    }

    /// Every service's port that leads to a workload's port.
    private static Stream<Inbound> inbounds(Services services, WorkloadConfig workload, int number) {
        return workload.services().entrySet().stream().flatMap(entry -> {
            var name = entry.getKey().substring(entry.getKey().indexOf('/') + 1);
            var key = ResourceKey.of(ResourceType.SERVICE, workload.namespace(), name);
            return entry.getValue().entrySet().stream()
                    .filter(ports -> ports.getValue() == number)
                    .flatMap(ports -> services.port(key, ports.getKey()).stream())
                    .map(port -> Inbound.of(workload.namespace(), workload.labels(), number, key, port));
        });
    }
}
