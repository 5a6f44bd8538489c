package io.countersign.mesh.view;

import io.countersign.mesh.IpAddress;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.ConfigRecord;
import io.countersign.mesh.config.MeshConfig;
import io.countersign.mesh.config.NamespaceRules;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.PortProtocol;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.ServiceConfig;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.resource.ResourceSpec.ClientTls;
import io.countersign.mesh.view.RuleLookup.Client;
import io.countersign.mesh.view.RuleLookup.Found;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/// All config that a node has applied, as one immutable value; a new one shares what did not change.
///
/// @param mesh what was said of the whole mesh; until then clients use mutual TLS wherever a server takes it
/// @param rules by namespace
/// @param members the workloads of every service, by `namespace/name`
/// @param addresses the services and workloads at every address
public record MeshView(
        MeshConfig mesh,
        TreePMap<String, NamespaceRules> rules,
        TreePMap<ConfigKey, ServiceConfig> services,
        TreePMap<ConfigKey, WorkloadConfig> workloads,
        KeyIndex members,
        KeyIndex addresses) {
    private static final MeshConfig NO_MESH = new MeshConfig("", true);

    public static final MeshView EMPTY =
            new MeshView(NO_MESH, TreePMap.empty(), TreePMap.empty(), TreePMap.empty(), KeyIndex.EMPTY, KeyIndex.EMPTY);

    /// The view with a record in the place of its predecessor.
    public MeshView apply(ConfigRecord record) {
        return switch (record) {
            case MeshConfig config -> new MeshView(config, rules, services, workloads, members, addresses);
            case NamespaceRules config ->
                new MeshView(mesh, rules.plus(config.namespace(), config), services, workloads, members, addresses);
            case ServiceConfig service -> {
                var left = remove(service.key()).addresses;
                yield new MeshView(
                        mesh,
                        rules,
                        services.plus(service.key(), service),
                        workloads,
                        members,
                        left.plus(service.addresses(), service.key()));
            }
            case WorkloadConfig workload -> {
                var left = remove(workload.key());
                yield new MeshView(
                        mesh,
                        rules,
                        services,
                        left.workloads.plus(workload.key(), workload),
                        left.members.plus(workload.services().keySet(), workload.key()),
                        left.addresses.plus(literals(workload), workload.key()));
            }
        };
    }

    /// The view without the record of a key.
    public MeshView remove(ConfigKey key) {
        return switch (key.kind()) {
            case MESH -> new MeshView(NO_MESH, rules, services, workloads, members, addresses);
            case RULES -> new MeshView(mesh, rules.minus(key.namespace()), services, workloads, members, addresses);
            case SERVICE -> {
                var service = services.get(key);
                yield service == null
                        ? this
                        : new MeshView(
                                mesh,
                                rules,
                                services.minus(key),
                                workloads,
                                members,
                                addresses.minus(service.addresses(), key));
            }
            case WORKLOAD -> {
                var workload = workloads.get(key);
                yield workload == null
                        ? this
                        : new MeshView(
                                mesh,
                                rules,
                                services,
                                workloads.minus(key),
                                members.minus(workload.services().keySet(), key),
                                addresses.minus(literals(workload), key));
            }
        };
    }

    private static ConfigKey serviceKey(String id) {
        var slash = id.indexOf('/');
        return ConfigKey.service(id.substring(0, slash), id.substring(slash + 1));
    }

    /// A workload's address may be a host's name, which nothing is found by.
    private static List<String> literals(WorkloadConfig workload) {
        return workload.addresses().stream()
                .flatMap(address -> IpAddress.canonical(address).stream())
                .toList();
    }

    public Optional<WorkloadConfig> workload(ConfigKey key) {
        return Optional.ofNullable(workloads.get(key));
    }

    /// What a workload's port takes. A workload that the view does not know takes the least.
    public PortMode mode(ConfigKey workload, int port) {
        return workload(workload).map(config -> config.mode(port)).orElse(PortMode.STRICT);
    }

    /// What connections to a port of a service or of a workload carry. A workload's port has what its services
    /// declare; where they disagree, the first bytes tell.
    public PortProtocol protocol(ConfigKey key, int port) {
        if (key.kind() == ConfigKey.Kind.SERVICE) {
            return Optional.ofNullable(services.get(key))
                    .map(service -> service.protocol(port))
                    .orElse(PortProtocol.AUTO);
        }
        var declared = EnumSet.noneOf(PortProtocol.class);
        workload(key)
                .ifPresent(config -> config.services()
                        .forEach((id, ports) -> ports.forEach((number, target) -> {
                            if (target == port) {
                                declared.add(protocol(serviceKey(id), number));
                            }
                        })));
        return declared.size() == 1 ? declared.iterator().next() : PortProtocol.AUTO;
    }

    /// The service, or else the workload, that a client means by an address and a port; empty where the mesh has
    /// none.
    public Optional<ConfigKey> at(String address, int port) {
        return IpAddress.canonical(address).map(addresses::get).orElseGet(TreePSet::empty).stream()
                .max(Comparator.<ConfigKey, Boolean>comparing(services::containsKey)
                        .thenComparing(key -> serves(key, port)));
    }

    private boolean serves(ConfigKey key, int port) {
        var service = services.get(key);
        return service == null
                ? workload(key).filter(workload -> workload.serves(port)).isPresent()
                : service.ports().containsKey(port);
    }

    /// What the ports take that a service or a policy names; none of a workload that the view does not know.
    public SortedMap<Integer, PortMode> modes(ConfigKey workload) {
        return workload(workload).map(WorkloadConfig::ports).orElseGet(Collections::emptySortedMap);
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
    ///     of a service or of a workload, or an address of one; a service goes before a workload of the same name
    /// @param client the workload that asks: its namespace completes a bare name, and its rules hold
    public Destination lookup(String host, int port, ConfigKey client) {
        return named(host, client)
                .or(() -> at(host, port))
                .map(key -> lookup(key, port, client))
                .orElseGet(Destination.Unknown::new);
    }

    /// Where connections of a client to a service or to a workload may go.
    public Destination lookup(ConfigKey key, int port, ConfigKey client) {
        var service = services.get(key);
        if (service != null) {
            return lookup(service, port, client);
        }
        return workload(key)
                .map(workload -> offer(
                        List.of(workload),
                        _ -> Optional.of(port),
                        Optional.empty(),
                        key.name() + "." + key.namespace()))
                .orElseGet(Destination.Unknown::new);
    }

    /// The service, or else the workload, that a client means by a host's name.
    public Optional<ConfigKey> named(String host, ConfigKey client) {
        return HostName.parse(host, client.namespace())
                .flatMap(name -> Stream.of(
                                ConfigKey.service(name.namespace(), name.name()),
                                ConfigKey.workload(name.namespace(), name.name()))
                        .filter(key -> services.containsKey(key) || workloads.containsKey(key))
                        .findFirst());
    }

    private Destination lookup(ServiceConfig service, int port, ConfigKey client) {
        if (!service.ports().containsKey(port)) {
            return new Destination.NoEndpoint("the service has no port " + port);
        }
        var id = service.namespace() + "/" + service.name();
        var candidates = members.get(id).stream().map(workloads::get).toList();
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
