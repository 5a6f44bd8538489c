package io.countersign.distributor.publication;

import io.countersign.distributor.projection.CanonicalBytes;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.DistributionStatus;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.resource.ResourceKey;
import java.util.Optional;
import java.util.SortedMap;

/// Writes that become visible together.
public interface Transaction {
    /// Writes config records, and waits until the bus has them.
    ///
    /// @param writes at least one; empty values withdraw their records
    /// @return the offset after the last of them: a reader of committed records whose position has reached it has
    ///     read them all
    long config(SortedMap<ConfigKey, Optional<CanonicalBytes>> writes);

    /// Writes or withdraws a resource's status.
    ///
    /// @param history the history that the resource is of, as its record says
    void status(ResourceKey resource, Optional<DistributionStatus> status, Optional<String> history);

    /// Takes back the last report of a node that is gone.
    void forget(NodeId node);

    /// Writes that a node is there, by its last report, or that it is gone.
    void known(NodeId node, Optional<NodeReport> report);
}
