package io.countersign.mesh.view;

import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.resource.ResourceSpec.ClientTls;
import java.util.Set;

/// How an endpoint is spoken to.
public sealed interface UpstreamTls {
    /// Without TLS.
    record Plaintext() implements UpstreamTls {}

    /// With the mesh's mutual TLS.
    ///
    /// @param expected the endpoint must prove one of these identities; not empty
    /// @param sni the server name to send; empty sends none
    record MeshMutual(Set<SpiffeId> expected, String sni) implements UpstreamTls {
        public MeshMutual {
            expected = Set.copyOf(expected);
        }
    }

    /// With TLS as a rule says it, apart from the mesh's authorities: SIMPLE or MUTUAL.
    ///
    /// @param sni the server name to send and, unless the rule names others, to find in the certificate
    record Configured(ClientTls settings, String sni) implements UpstreamTls {}
}
