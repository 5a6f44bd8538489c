package io.countersign.local.plan;

import java.util.List;

/// What ca-service is asked when a process shall be able to get its first certificate.
///
/// @param dnsNames names that the certificate shall have besides the identity
public record JoinTokenRequest(String spiffeId, String nodeId, List<String> dnsNames) {
    public JoinTokenRequest {
        dnsNames = List.copyOf(dnsNames);
    }
}
