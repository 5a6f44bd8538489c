package io.countersign.mesh.view;

import java.util.Locale;
import java.util.Optional;

/// A name in a namespace, as Kubernetes writes it into host names.
record HostName(String name, String namespace) {
    private static final String CLUSTER_SUFFIX = ".cluster.local";
    private static final String SERVICE_SUFFIX = ".svc";

    /// Reads the forms that [MeshView#lookup] names; empty for a host that is none of them.
    static Optional<HostName> parse(String host, String clientNamespace) {
        var rest = host.toLowerCase(Locale.ROOT);
        rest = rest.endsWith(".") ? rest.substring(0, rest.length() - 1) : rest;
        if (rest.endsWith(SERVICE_SUFFIX + CLUSTER_SUFFIX)) {
            rest = rest.substring(0, rest.length() - CLUSTER_SUFFIX.length());
        }
        if (rest.endsWith(SERVICE_SUFFIX)) {
            rest = rest.substring(0, rest.length() - SERVICE_SUFFIX.length());
        }
        var parts = rest.split("\\.", -1);
        for (var part : parts) {
            if (part.isEmpty() || part.indexOf('/') >= 0) {
                return Optional.empty();
            }
        }
        return switch (parts.length) {
            case 1 -> Optional.of(new HostName(parts[0], clientNamespace));
            case 2 -> Optional.of(new HostName(parts[0], parts[1]));
            default -> Optional.empty();
        };
    }
}
