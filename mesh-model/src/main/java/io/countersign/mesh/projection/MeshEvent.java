package io.countersign.mesh.projection;

import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;

/// A fact that the projection folds. The newest fact of a key holds; facts of different keys do not depend on
/// each other's order.
public sealed interface MeshEvent {
    /// The mesh exists, with these settings.
    record MeshDefined(MeshSettings settings) implements MeshEvent {}

    /// A resource was created or changed.
    record ResourceApplied(Resource resource) implements MeshEvent {}

    /// A resource is gone.
    record ResourceDeleted(ResourceKey key) implements MeshEvent {}

    /// A node said what it has in force.
    record NodeReported(NodeReport report) implements MeshEvent {}

    /// A node that is gone for good was forgotten.
    record NodeForgotten(NodeId node) implements MeshEvent {}
}
