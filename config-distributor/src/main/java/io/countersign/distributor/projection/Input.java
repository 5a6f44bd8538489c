package io.countersign.distributor.projection;

import io.countersign.follower.FollowedRecord;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.DistributionStatus;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.projection.MeshEvent;
import io.countersign.mesh.resource.ResourceKey;
import java.util.Optional;

/// What a record on one of the distributor's topics says.
public sealed interface Input {
    /// Something was written or reported.
    record Fact(MeshEvent event) implements Input {}

    /// A node reported; whether it was the node itself is not known yet.
    record Report(NodeId node, FollowedRecord sealed) implements Input {}

    /// A node's record is gone from the topic. Nobody signs that, so that it says nothing of the node.
    record ReportRemoved(NodeId node) implements Input {}

    /// A trust domain's authorities.
    record Trust(TrustBundle bundle) implements Input {}

    /// The last config that a distributor published for a key; empty when it withdrew it.
    ///
    /// @param position the offset after it
    record LastConfig(ConfigKey key, Optional<CanonicalBytes> value, long position) implements Input {}

    /// The last status that a distributor published for a resource; empty when it withdrew it.
    record LastStatus(ResourceKey resource, Optional<DistributionStatus> status) implements Input {}

    /// What a distributor said of a node last, as a report of one that has nothing in force; empty when it forgot it.
    record LastNode(NodeId node, Optional<NodeReport> known) implements Input {}

    /// A kind of key that this version does not use.
    record Irrelevant() implements Input {}

    /// A value that cannot be read: its key keeps its last good value.
    ///
    /// @param resource whose value it is, when it is a resource's
    record Unreadable(Optional<ResourceKey> resource, String reason) implements Input {}
}
