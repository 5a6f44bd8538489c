package io.countersign.mesh.view;

import java.util.List;

/// What a host and a port stand for, as a client sees them.
public sealed interface Destination {
    /// Endpoints to choose from; at least one.
    record Endpoints(List<Upstream> upstreams) implements Destination {
        public Endpoints {
            upstreams = List.copyOf(upstreams);
        }
    }

    /// The mesh knows the host, but nothing can be reached there now.
    record NoEndpoint(String reason) implements Destination {}

    /// The mesh does not know the host.
    record Unknown() implements Destination {}
}
