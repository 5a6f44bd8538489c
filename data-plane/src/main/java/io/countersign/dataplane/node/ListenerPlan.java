package io.countersign.dataplane.node;

import io.countersign.dataplane.loop.Listener;
import java.util.List;

/// Binds what makes a kind of node what it is. Called once, when the node has its certificate and has read the config
/// to its end.
@FunctionalInterface
public interface ListenerPlan {
    List<Listener> bind(NodeParts parts);
}
