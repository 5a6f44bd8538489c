package io.countersign.mesh.config;

/// Whether a proxy stands before a workload.
public enum ProxyPresence {
    /// None is declared and none has reported: plaintext reaches the workload itself.
    NONE,
    /// One is declared and has not reported yet: the workload is not offered to clients.
    DECLARED,
    /// One has reported: clients use mutual TLS unless the port's mode is DISABLE.
    PRESENT
}
