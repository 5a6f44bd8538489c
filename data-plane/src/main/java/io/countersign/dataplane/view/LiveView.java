package io.countersign.dataplane.view;

import io.countersign.mesh.view.MeshView;

/// The view in force: one reference, read by every event loop for every connection and request.
public final class LiveView {
    private volatile MeshView current = MeshView.EMPTY;

    public MeshView current() {
        return current;
    }

    void publish(MeshView view) {
        current = view;
    }
}
