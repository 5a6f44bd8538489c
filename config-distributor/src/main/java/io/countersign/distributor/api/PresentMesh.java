package io.countersign.distributor.api;

import io.countersign.controlplane.RequestRefused;
import io.countersign.distributor.publication.Distributor;
import io.countersign.distributor.publication.DistributorSnapshot;
import jakarta.inject.Singleton;

/// What the mesh is at the moment of a request.
@Singleton
class PresentMesh {
    private final Distributor distributor;

    PresentMesh(Distributor distributor) {
        this.distributor = distributor;
    }

    /// Everything that was written; [RequestRefused] as long as it was not read to the end.
    DistributorSnapshot read() {
        var snapshot = distributor.snapshot();
        if (snapshot.end().isEmpty()) {
            throw new RequestRefused(ErrorCode.MESH_UNREAD, "the mesh has not been read yet: try again in a moment");
        }
        return snapshot;
    }
}
