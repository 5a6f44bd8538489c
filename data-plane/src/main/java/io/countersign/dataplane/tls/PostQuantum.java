package io.countersign.dataplane.tls;

import java.util.List;

/// Whether mutual TLS of the mesh may do without a key exchange that withstands a quantum computer.
public enum PostQuantum {
    /// X25519MLKEM768 first; the others for peers which do not have it.
    PREFERRED(List.of("TLSv1.2", "TLSv1.3"), List.of("X25519MLKEM768", "X25519", "P-256")),
    /// X25519MLKEM768 only, offered and accepted; there is none in TLS 1.2.
    REQUIRED(List.of("TLSv1.3"), List.of("X25519MLKEM768"));

    private final List<String> protocols;
    private final List<String> groups;

    PostQuantum(List<String> protocols, List<String> groups) {
        this.protocols = protocols;
        this.groups = groups;
    }

    List<String> protocols() {
        return protocols;
    }

    String[] groups() {
        return groups.toArray(String[]::new);
    }
}
