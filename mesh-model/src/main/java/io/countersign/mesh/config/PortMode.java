package io.countersign.mesh.config;

import io.countersign.mesh.resource.MtlsMode;

/// What a port takes from its callers and what automatic clients send it: a line from plaintext to mutual TLS, on
/// which a mode changes one step at a time.
public enum PortMode {
    /// Takes plaintext only; clients send it.
    DISABLE(true, false, false),
    /// Takes both while clients still send plaintext. A policy never asks for it: a port is there on its way, or
    /// while no proxy stands before the workload.
    OPEN(true, true, false),
    /// Takes both; clients send mutual TLS.
    PERMISSIVE(true, true, true),
    /// Takes mutual TLS only; clients send it.
    STRICT(false, true, true);

    private final boolean takesPlaintext;
    private final boolean takesMutualTls;
    private final boolean clientsUseMutualTls;

    PortMode(boolean takesPlaintext, boolean takesMutualTls, boolean clientsUseMutualTls) {
        this.takesPlaintext = takesPlaintext;
        this.takesMutualTls = takesMutualTls;
        this.clientsUseMutualTls = clientsUseMutualTls;
    }

    /// The mode that a policy asks for.
    public static PortMode of(MtlsMode mode) {
        return switch (mode) {
            case DISABLE -> DISABLE;
            case PERMISSIVE -> PERMISSIVE;
            case STRICT -> STRICT;
        };
    }

    public boolean takesPlaintext() {
        return takesPlaintext;
    }

    public boolean takesMutualTls() {
        return takesMutualTls;
    }

    /// Whether a client that no rule tells otherwise uses mutual TLS, where a proxy is there to take it.
    public boolean clientsUseMutualTls() {
        return clientsUseMutualTls;
    }
}
