package io.countersign.mesh.analysis;

import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.ResourceSpec.TlsMode;

/// How a client speaks to a service, in Istio's words.
public enum ClientMode {
    /// By itself: mutual TLS where the endpoint takes it, else plaintext.
    AUTO,
    /// Plaintext.
    DISABLE,
    /// TLS without a certificate of the client's own.
    SIMPLE,
    /// TLS with a certificate from a file.
    MUTUAL,
    /// TLS with the workload's own identity.
    ISTIO_MUTUAL;

    static ClientMode of(TlsMode mode) {
        return switch (mode) {
            case DISABLE -> DISABLE;
            case SIMPLE -> SIMPLE;
            case MUTUAL -> MUTUAL;
            case ISTIO_MUTUAL -> ISTIO_MUTUAL;
        };
    }

    /// Whether what the client does cannot be what the server takes. As Istio has it, TLS that is not the mesh's own
    /// never fits a server of the mesh, though its traffic may get through where no proxy stands before it.
    boolean conflictsWith(MtlsMode server) {
        return switch (this) {
            case AUTO -> false;
            case DISABLE -> server == MtlsMode.STRICT;
            case ISTIO_MUTUAL -> server == MtlsMode.DISABLE;
            case SIMPLE, MUTUAL -> true;
        };
    }
}
