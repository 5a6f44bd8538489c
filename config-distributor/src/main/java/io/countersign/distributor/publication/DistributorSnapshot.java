package io.countersign.distributor.publication;

import io.countersign.distributor.distribution.ConfigPosition;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.projection.MeshState;
import java.time.Instant;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/// What the distributor knows at one moment, as an immutable value that every thread may read.
///
/// @param end the end of what is published; empty before everything was read
/// @param heard when each node's last report was read
public record DistributorSnapshot(MeshState state, Optional<ConfigPosition> end, PMap<NodeId, Instant> heard) {
    static final DistributorSnapshot EMPTY =
            new DistributorSnapshot(MeshState.EMPTY, Optional.empty(), HashTreePMap.empty());
}
