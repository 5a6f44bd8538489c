package io.countersign.local.process;

import java.util.List;
import java.util.Map;

/// One process of the mesh on this machine.
///
/// @param name unique, and the name of its log and its record: `ca-service`, `httpbin.full-proxy`
/// @param environment added to the launcher's own; holds no secret
/// @param endpoints everything it binds
public record Part(
        String name,
        Kind kind,
        List<String> command,
        Map<String, String> environment,
        List<Endpoint> endpoints,
        Readiness readiness) {

    /// What a part is; parts are stopped in this order.
    public enum Kind {
        NODE,
        APP,
        SERVICE,
        BACKBONE,
        /// Ended before all others: it would start them again.
        SUPERVISOR
    }

    public Part {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        endpoints = List.copyOf(endpoints);
    }
}
