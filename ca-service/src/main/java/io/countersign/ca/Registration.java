package io.countersign.ca;

import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import java.util.List;

/// Who may receive which SPIFFE ID.
///
/// @param dnsNames that stand in the certificate beside it; usually none
public record Registration(SpiffeId spiffeId, NodeId nodeId, List<String> dnsNames) {
    public Registration {
        dnsNames = List.copyOf(dnsNames);
    }
}
