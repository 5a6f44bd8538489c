package io.countersign.mesh.projection;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.ConfigRecord;
import io.countersign.mesh.config.MeshConfig;
import io.countersign.mesh.config.NamespaceRules;
import io.countersign.mesh.config.NamespaceRules.NamedRule;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.ServiceConfig;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.projection.AuthenticationPolicies.Inbound;
import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceSpec.DestinationRuleSpec;
import io.countersign.mesh.resource.ResourceSpec.PeerAuthenticationSpec;
import io.countersign.mesh.resource.ResourceSpec.ServicePort;
import io.countersign.mesh.resource.ResourceSpec.ServiceSpec;
import io.countersign.mesh.resource.ResourceSpec.TargetPort;
import io.countersign.mesh.resource.ResourceSpec.WorkloadEntrySpec;
import io.countersign.mesh.resource.ResourceType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// From the state to the config records: what is in force for every workload and service.
public final class Projection {
    private static final String CLUSTER_DOMAIN = "svc.cluster.local";

    private Projection() {}

    /// The record of a key, or empty when there is none: the thing is gone, or the mesh is not defined yet.
    public static Optional<ConfigRecord> project(MeshState state, ConfigKey key) {
        if (state.settings().isEmpty()) {
            return Optional.empty();
        }
        return switch (key.kind()) {
            case WORKLOAD ->
                state.resource(ResourceKey.of(ResourceType.WORKLOAD_ENTRY, key.namespace(), key.name()))
                        .map(entry -> workload(state, state.settings().get(), entry));
            case SERVICE ->
                state.resource(ResourceKey.of(ResourceType.SERVICE, key.namespace(), key.name()))
                        .map(Projection::service);
            case RULES -> rules(state, key.namespace());
            case MESH ->
                state.settings().map(settings -> new MeshConfig(settings.rootNamespace(), settings.autoMtls()));
        };
    }

    /// The keys of every record that the state gives.
    public static SortedSet<ConfigKey> keys(MeshState state) {
        var keys = new TreeSet<ConfigKey>();
        state.all(ResourceType.WORKLOAD_ENTRY).forEach(entry -> keys.add(workloadKey(entry.key())));
        state.all(ResourceType.SERVICE).forEach(service -> keys.add(serviceKey(service.key())));
        state.all(ResourceType.DESTINATION_RULE)
                .forEach(rule -> keys.add(ConfigKey.rules(rule.key().namespace())));
        keys.add(ConfigKey.MESH);
        return keys;
    }

    /// The keys whose records may differ between the state before an event and the state after it. What it names is
    /// always enough; it may name a key whose record stays the same.
    public static SortedSet<ConfigKey> affected(MeshState before, MeshState after, MeshEvent event) {
        return switch (event) {
            case MeshEvent.MeshDefined defined ->
                before.settings().equals(Optional.of(defined.settings())) ? new TreeSet<>() : keys(after);
            case MeshEvent.ResourceApplied(Resource resource) -> affected(before, after, resource.key());
            case MeshEvent.ResourceDeleted(ResourceKey key) -> affected(before, after, key);
            case MeshEvent.NodeReported(var report) -> proxiesChanged(before, after, report.node());
            case MeshEvent.NodeForgotten(var node) -> proxiesChanged(before, after, node);
        };
    }

    private static SortedSet<ConfigKey> affected(MeshState before, MeshState after, ResourceKey key) {
        var keys = new TreeSet<ConfigKey>();
        switch (key.type()) {
            case NAMESPACE -> {}
            case DESTINATION_RULE -> keys.add(ConfigKey.rules(key.namespace()));
            case WORKLOAD_ENTRY -> keys.add(workloadKey(key));
            case SERVICE -> {
                keys.add(serviceKey(key));
                addSelected(before, key, keys);
                addSelected(after, key, keys);
            }
            case PEER_AUTHENTICATION ->
                addWorkloads(after, isRoot(after, key.namespace()) ? "" : key.namespace(), keys);
            case POLICY -> addWorkloads(after, key.namespace(), keys);
            case MESH_POLICY -> addWorkloads(after, "", keys);
        }
        return keys;
    }

    private static boolean isRoot(MeshState state, String namespace) {
        return state.settings()
                .filter(settings -> settings.rootNamespace().equals(namespace))
                .isPresent();
    }

    /// @param namespace empty for all
    private static void addWorkloads(MeshState state, String namespace, SortedSet<ConfigKey> keys) {
        var entries = namespace.isEmpty()
                ? state.all(ResourceType.WORKLOAD_ENTRY)
                : state.in(ResourceType.WORKLOAD_ENTRY, namespace);
        entries.forEach(entry -> keys.add(workloadKey(entry.key())));
    }

    private static void addSelected(MeshState state, ResourceKey service, SortedSet<ConfigKey> keys) {
        state.resource(service)
                .ifPresent(resource -> state.in(ResourceType.WORKLOAD_ENTRY, service.namespace()).stream()
                        .filter(entry -> selects((ServiceSpec) resource.spec(), entry))
                        .forEach(entry -> keys.add(workloadKey(entry.key()))));
    }

    private static SortedSet<ConfigKey> proxiesChanged(MeshState before, MeshState after, NodeId node) {
        var keys = new TreeSet<ConfigKey>();
        var then = Optional.ofNullable(before.reports().get(node));
        var now = Optional.ofNullable(after.reports().get(node));
        if (!then.map(Projection::claim).equals(now.map(Projection::claim))) {
            then.ifPresent(report -> keys.addAll(report.workloads().keySet()));
            now.ifPresent(report -> keys.addAll(report.workloads().keySet()));
        }
        return keys;
    }

    /// What of a report can change a record: which workloads are served, and by whose right.
    private static Claim claim(NodeReport report) {
        return new Claim(report.identity(), report.workloads().keySet());
    }

    private record Claim(SpiffeId identity, Set<ConfigKey> workloads) {}

    private static ServiceConfig service(Resource resource) {
        var key = resource.key();
        var spec = (ServiceSpec) resource.spec();
        var ports = new TreeMap<Integer, String>();
        spec.ports().forEach(port -> ports.put(port.port(), port.protocol()));
        var host = key.name() + "." + key.namespace() + "." + CLUSTER_DOMAIN;
        return new ServiceConfig(key.namespace(), key.name(), resource.uid(), List.of(host), spec.addresses(), ports);
    }

    private static Optional<ConfigRecord> rules(MeshState state, String namespace) {
        var rules = state.in(ResourceType.DESTINATION_RULE, namespace).stream()
                .sorted(AuthenticationPolicies.OLDEST_FIRST)
                .map(rule -> new NamedRule(rule.key().name(), (DestinationRuleSpec) rule.spec()))
                .toList();
        return rules.isEmpty() ? Optional.empty() : Optional.of(new NamespaceRules(namespace, rules));
    }

    private static WorkloadConfig workload(MeshState state, MeshSettings settings, Resource resource) {
        var key = resource.key();
        var entry = (WorkloadEntrySpec) resource.spec();
        var identity = SpiffeId.ofServiceAccount(settings.trustDomain(), key.namespace(), entry.serviceAccount());
        var modes = namedPorts(state, settings, key.namespace(), entry);
        var services = new TreeMap<String, SortedMap<Integer, Integer>>();
        for (var service : state.in(ResourceType.SERVICE, key.namespace())) {
            var spec = (ServiceSpec) service.spec();
            if (!selects(spec, resource)) {
                continue;
            }
            var ports = new TreeMap<Integer, Integer>();
            for (var port : spec.ports()) {
                workloadPort(port, entry).ifPresent(number -> {
                    ports.put(port.port(), number);
                    var inbound = Inbound.of(key.namespace(), entry.labels(), number, service.key(), port);
                    modes.merge(number, mode(state, inbound), Projection::narrower);
                });
            }
            services.put(key.namespace() + "/" + service.key().name(), ports);
        }
        return new WorkloadConfig(
                key.namespace(),
                key.name(),
                resource.uid(),
                List.of(entry.address()),
                entry.labels(),
                identity,
                presence(state, key, identity, entry),
                modes,
                mode(state, Inbound.of(key.namespace(), entry.labels(), 0)),
                services);
    }

    /// The ports that a PeerAuthentication of the workload names; a service may lead to them or not.
    private static SortedMap<Integer, PortMode> namedPorts(
            MeshState state, MeshSettings settings, String namespace, WorkloadEntrySpec entry) {
        var modes = new TreeMap<Integer, PortMode>();
        var any = Inbound.of(namespace, entry.labels(), 0);
        AuthenticationPolicies.selecting(state, any, settings.rootNamespace())
                .ifPresent(policy -> ((PeerAuthenticationSpec) policy.spec())
                        .ports()
                        .forEach((port, mode) -> modes.put(port, PortMode.of(mode))));
        return modes;
    }

    private static PortMode mode(MeshState state, Inbound inbound) {
        return PortMode.of(AuthenticationPolicies.mode(state, inbound));
    }

    /// Two services that share a port and disagree: the narrower mode holds, so that neither is opened by the other.
    private static PortMode narrower(PortMode a, PortMode b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static ProxyPresence presence(
            MeshState state, ResourceKey key, SpiffeId identity, WorkloadEntrySpec entry) {
        if (state.hasProxy(workloadKey(key), identity)) {
            return ProxyPresence.PRESENT;
        }
        return entry.proxyDeclared() ? ProxyPresence.DECLARED : ProxyPresence.NONE;
    }

    private static boolean selects(ServiceSpec service, Resource workload) {
        var labels = ((WorkloadEntrySpec) workload.spec()).labels();
        return !service.selector().isEmpty()
                && labels.entrySet().containsAll(service.selector().entrySet());
    }

    /// Istio's rule: the entry's own port of the service port's name, then the service's target port.
    private static OptionalInt workloadPort(ServicePort port, WorkloadEntrySpec entry) {
        var own = entry.ports().get(port.name());
        if (own != null) {
            return OptionalInt.of(own);
        }
        return switch (port.target()) {
            case TargetPort.Numbered(int number) -> OptionalInt.of(number);
            case TargetPort.Named(String name) -> {
                var named = entry.ports().get(name);
                yield named == null ? OptionalInt.empty() : OptionalInt.of(named);
            }
        };
    }

    private static ConfigKey workloadKey(ResourceKey key) {
        return ConfigKey.workload(key.namespace(), key.name());
    }

    private static ConfigKey serviceKey(ResourceKey key) {
        return ConfigKey.service(key.namespace(), key.name());
    }
}
