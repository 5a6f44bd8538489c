package io.countersign.mesh.view;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.ConfigRecord;
import io.countersign.mesh.config.MeshConfig;
import io.countersign.mesh.config.NamespaceRules;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.ServiceConfig;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.resource.ResourceSpec.ClientTls;
import io.countersign.mesh.view.RuleLookup.Client;
import io.countersign.mesh.view.RuleLookup.Found;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/// All config that a node has applied, as one immutable value; a new one shares what did not change.
///
/// @param mesh what was said of the whole mesh; until then clients use mutual TLS wherever a server takes it
/// @param rules by namespace
/// @param members the workloads of every service, by `namespace/name`: derived from the workloads
public record MeshView(
        MeshConfig mesh,
        TreePMap<String, NamespaceRules> rules,
        TreePMap<ConfigKey, ServiceConfig> services,
        TreePMap<ConfigKey, WorkloadConfig> workloads,
        TreePMap<String, TreePSet<ConfigKey>> members) {
    private static final MeshConfig NO_MESH = new MeshConfig("", true);

    public static final MeshView EMPTY =
            new MeshView(NO_MESH, TreePMap.empty(), TreePMap.empty(), TreePMap.empty(), TreePMap.empty());

    /// The view with a record in the place of its predecessor.
    public MeshView apply(ConfigRecord record) {
        return switch (record) {
            case MeshConfig config -> new MeshView(config, rules, services, workloads, members);
            case NamespaceRules config ->
                new MeshView(mesh, rules.plus(config.namespace(), config), services, workloads, members);
            case ServiceConfig service ->
                new MeshView(mesh, rules, services.plus(service.key(), service), workloads, members);
            case WorkloadConfig workload -> {
                var left = remove(workload.key());
                var joined = left.members;
                for (var service : workload.services().keySet()) {
                    var others = joined.getOrDefault(service, TreePSet.<ConfigKey>empty());
                    joined = joined.plus(service, others.plus(workload.key()));
                }
                yield new MeshView(mesh, rules, services, left.workloads.plus(workload.key(), workload), joined);
            }
        };
    }

    /// The view without the record of a key.
    public MeshView remove(ConfigKey key) {
        return switch (key.kind()) {
            case MESH -> new MeshView(NO_MESH, rules, services, workloads, members);
            case RULES -> new MeshView(mesh, rules.minus(key.namespace()), services, workloads, members);
            case SERVICE -> new MeshView(mesh, rules, services.minus(key), workloads, members);
            case WORKLOAD -> {
                var workload = workloads.get(key);
                if (workload == null) {
                    yield this;
                }
                var left = members;
                for (var service : workload.services().keySet()) {
                    var others = left.getOrDefault(service, TreePSet.<ConfigKey>empty())
                            .minus(key);
                    left = others.isEmpty() ? left.minus(service) : left.plus(service, others);
                }
                yield new MeshView(mesh, rules, services, workloads.minus(key), left);
            }
        };
    }

    public Optional<WorkloadConfig> workload(ConfigKey key) {
        return Optional.ofNullable(workloads.get(key));
    }

    /// What a workload's port takes. A workload that the view does not know takes the least.
    public PortMode mode(ConfigKey workload, int port) {
        return workload(workload).map(config -> config.mode(port)).orElse(PortMode.STRICT);
    }

    /// The rules that clients go by.
    public RuleLookup ruleLookup() {
        return new RuleLookup(
                namespace -> Optional.ofNullable(rules.get(namespace))
                        .map(NamespaceRules::destinationRules)
                        .orElseGet(List::of),
                mesh.rootNamespace());
    }

    /// Finds what a client means by a host and a port.
    ///
    /// @param host `name`, `name.namespace`, `name.namespace.svc` or `name.namespace.svc.cluster.local`,
    ///     of a service or of a workload; a service goes before a workload of the same name
    /// @param client the workload that asks: its namespace completes a bare name, and its rules hold
    public Destination lookup(String host, int port, ConfigKey client) {
        var name = HostName.parse(host, client.namespace());
        if (name.isEmpty()) {
            return new Destination.Unknown();
        }
        var key = ConfigKey.service(name.get().namespace(), name.get().name());
        var service = services.get(key);
        if (service != null) {
            return lookup(service, port, client);
        }
        return workload(ConfigKey.workload(key.namespace(), key.name()))
                .map(workload -> offer(List.of(workload), _ -> Optional.of(port), Optional.empty(), host))
                .orElseGet(Destination.Unknown::new);
    }

    private Destination lookup(ServiceConfig service, int port, ConfigKey client) {
        if (!service.ports().containsKey(port)) {
            return new Destination.NoEndpoint("the service has no port " + port);
        }
        var id = service.namespace() + "/" + service.name();
        var candidates = members.getOrDefault(id, TreePSet.<ConfigKey>empty()).stream()
                .map(workloads::get)
                .toList();
        var host = service.hosts().getFirst();
        var rule = rule(service, client).flatMap(found -> found.tls(port, Optional.empty()));
        return offer(
                candidates,
                workload -> Optional.ofNullable(workload.services().get(id)).map(ports -> ports.get(port)),
                rule,
                host);
    }

    /// The rule that a client goes by with a service; empty where it has none.
    public Optional<Found> rule(ServiceConfig service, ConfigKey client) {
        return rules.isEmpty()
                ? Optional.empty()
                : ruleLookup().find(client(client), service.hosts().getFirst(), service.namespace());
    }

    private Client client(ConfigKey workload) {
        return new Client(
                workload.namespace(),
                workload(workload).map(WorkloadConfig::labels).orElseGet(Collections::emptySortedMap));
    }

    private Destination offer(
            List<WorkloadConfig> candidates,
            Function<WorkloadConfig, Optional<Integer>> portOf,
            Optional<ClientTls> rule,
            String host) {
        var upstreams = new ArrayList<Upstream>();
        for (var workload : candidates) {
            // A declared proxy that has not reported yet may not be there to demand mutual TLS.
            if (workload.proxy() == ProxyPresence.DECLARED) {
                continue;
            }
            portOf.apply(workload).ifPresent(port -> {
                var tls = rule.map(settings -> explicit(settings, workload, host))
                        .orElseGet(() -> automatic(workload, port, host));
                workload.addresses()
                        .forEach(address -> upstreams.add(new Upstream(workload.key(), address, port, tls)));
            });
        }
        return upstreams.isEmpty()
                ? new Destination.NoEndpoint(
                        candidates.isEmpty() ? "no workload is in the service" : "no endpoint is ready")
                : new Destination.Endpoints(upstreams);
    }

    private UpstreamTls automatic(WorkloadConfig workload, int port, String host) {
        var inMesh = mesh.autoMtls()
                && workload.proxy() == ProxyPresence.PRESENT
                && workload.mode(port).clientsUseMutualTls();
        return inMesh ? new UpstreamTls.MeshMutual(Set.of(workload.identity()), host) : new UpstreamTls.Plaintext();
    }

    /// A rule decides alone, whatever the server takes: what does not fit fails, and is not made to fit.
    private static UpstreamTls explicit(ClientTls rule, WorkloadConfig workload, String host) {
        var sni = rule.sni().orElse(host);
        return switch (rule.mode()) {
            case DISABLE -> new UpstreamTls.Plaintext();
            case SIMPLE, MUTUAL -> new UpstreamTls.Configured(rule, sni);
            case ISTIO_MUTUAL ->
                new UpstreamTls.MeshMutual(
                        rule.subjectAltNames().isEmpty()
                                ? Set.of(workload.identity())
                                : rule.subjectAltNames().stream()
                                        .map(SpiffeId::parse)
                                        .collect(Collectors.toSet()),
                        sni);
        };
    }
}
