package io.countersign.ca;

import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import java.util.List;
import java.util.regex.Pattern;

/// Who may receive which SPIFFE ID.
///
/// @param dnsNames that stand in the certificate beside it; usually none
public record Registration(SpiffeId spiffeId, NodeId nodeId, List<String> dnsNames) {
    private static final Pattern DNS_NAME =
            Pattern.compile("(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    public Registration {
        dnsNames = List.copyOf(dnsNames);
    }

    /// Whether it is a host's name in lower case, without a wildcard and without a dot at the end.
    public static boolean isDnsName(String name) {
        return DNS_NAME.matcher(name).matches();
    }
}
