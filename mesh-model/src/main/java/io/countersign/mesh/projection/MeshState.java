package io.countersign.mesh.projection;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/// Everything that was written and reported, as one immutable value; a new one shares what did not change.
///
/// @param resources all resources; one kind in one namespace is a contiguous range
/// @param reports the last report of every node
/// @param served the nodes that report a workload, per workload: derived from the reports
public record MeshState(
        Optional<MeshSettings> settings,
        TreePMap<ResourceKey, Resource> resources,
        TreePMap<NodeId, NodeReport> reports,
        TreePMap<ConfigKey, TreePSet<NodeId>> served) {
    public static final MeshState EMPTY =
            new MeshState(Optional.empty(), TreePMap.empty(), TreePMap.empty(), TreePMap.empty());

    /// The greatest name that a range ends before: no name of a resource has this character.
    private static final String AFTER_ALL_NAMES = "\uffff";

    private static final String BEFORE_ALL_NAMES = "\u0000";

    /// Folds one fact. Costs the logarithm of the state, whatever the fact.
    public MeshState apply(MeshEvent event) {
        return switch (event) {
            case MeshEvent.MeshDefined(MeshSettings defined) ->
                new MeshState(Optional.of(defined), resources, reports, served);
            case MeshEvent.ResourceApplied(Resource resource) ->
                withResources(resources.plus(resource.key(), resource));
            case MeshEvent.ResourceDeleted(ResourceKey key) -> withResources(resources.minus(key));
            case MeshEvent.NodeReported(NodeReport report) ->
                new MeshState(
                        settings,
                        resources,
                        reports.plus(report.node(), report),
                        servedWith(servedWithout(report.node()), report));
            case MeshEvent.NodeForgotten(NodeId node) ->
                new MeshState(settings, resources, reports.minus(node), servedWithout(node));
        };
    }

    /// The resource of the key, if it is there.
    public Optional<Resource> resource(ResourceKey key) {
        return Optional.ofNullable(resources.get(key));
    }

    /// Whether a node that proves the workload's identity has reported that it serves the workload.
    public boolean hasProxy(ConfigKey workload, SpiffeId identity) {
        return served.getOrDefault(workload, TreePSet.<NodeId>empty()).stream()
                .map(reports::get)
                .anyMatch(report -> report.identity().equals(identity));
    }

    /// All resources of a kind in a namespace, by name.
    public Collection<Resource> in(ResourceType type, String namespace) {
        return range(
                        ResourceKey.of(type, namespace, BEFORE_ALL_NAMES),
                        ResourceKey.of(type, namespace, AFTER_ALL_NAMES))
                .values();
    }

    /// All resources of a namespaced kind, by namespace and name.
    public Collection<Resource> all(ResourceType type) {
        return range(
                        ResourceKey.of(type, BEFORE_ALL_NAMES, BEFORE_ALL_NAMES),
                        ResourceKey.of(type, AFTER_ALL_NAMES, AFTER_ALL_NAMES))
                .values();
    }

    private SortedMap<ResourceKey, Resource> range(ResourceKey from, ResourceKey to) {
        return resources.subMap(from, to);
    }

    private MeshState withResources(TreePMap<ResourceKey, Resource> changed) {
        return new MeshState(settings, changed, reports, served);
    }

    private static TreePMap<ConfigKey, TreePSet<NodeId>> servedWith(
            TreePMap<ConfigKey, TreePSet<NodeId>> served, NodeReport report) {
        var result = served;
        for (var workload : report.workloads().keySet()) {
            var nodes = result.getOrDefault(workload, TreePSet.<NodeId>empty());
            result = result.plus(workload, nodes.plus(report.node()));
        }
        return result;
    }

    private TreePMap<ConfigKey, TreePSet<NodeId>> servedWithout(NodeId node) {
        var previous = reports.get(node);
        if (previous == null) {
            return served;
        }
        var result = served;
        for (var workload : previous.workloads().keySet()) {
            var nodes = result.getOrDefault(workload, TreePSet.<NodeId>empty()).minus(node);
            result = nodes.isEmpty() ? result.minus(workload) : result.plus(workload, nodes);
        }
        return result;
    }
}
