package io.countersign.dataplane.relay;

import io.countersign.mesh.view.Upstream;

/// What one event loop knows of its upstreams, for a choice among them.
public interface UpstreamLoad {
    /// Requests that this loop has with the upstream or waiting for it.
    int inFlight(Upstream upstream);

    /// Whether the upstream could not be reached a short while ago.
    boolean isSetAside(Upstream upstream);

    /// A number that grows with every call: whose turn it is among equals.
    int turn();
}
