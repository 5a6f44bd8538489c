package io.countersign.mesh.identity;

import io.countersign.mesh.InvalidInput;
import java.util.regex.Pattern;

/// One data-plane process.
///
/// @param value a DNS subdomain name (RFC 1123), for a sidecar usually `<workload>.<namespace>`
public record NodeId(String value) implements Comparable<NodeId> {
    private static final Pattern VALUE = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

    public NodeId {
        if (!VALUE.matcher(value).matches()) {
            throw InvalidInput.of("node id", value, "a DNS subdomain name");
        }
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
