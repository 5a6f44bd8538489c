package io.countersign.dataplane.http;

import io.countersign.dataplane.relay.EndpointLoad;
import io.countersign.dataplane.relay.Route;

/// Decides where requests go. Called on the event loop of the request's connection; must not wait.
@FunctionalInterface
public interface RequestRouter {
    /// Finds the way of one request.
    ///
    /// @param load what this event loop knows of the upstreams
    Route route(RequestTarget target, EndpointLoad load);
}
