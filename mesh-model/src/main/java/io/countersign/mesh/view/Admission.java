package io.countersign.mesh.view;

import io.countersign.mesh.config.PortMode;

/// Whether a connection to a port is let in, by the port's mode and the connection's first bytes. What is not known
/// to be allowed is reset.
public final class Admission {
    private Admission() {}

    /// What to do with a connection.
    public enum Verdict {
        /// Terminate mutual TLS; the client's certificate is required.
        TERMINATE_MUTUAL_TLS,
        /// Relay as plaintext HTTP.
        RELAY_PLAINTEXT,
        /// Reset the connection: a TCP RST, not a FIN.
        RESET
    }

    public static Verdict decide(PortMode mode, FirstBytes first) {
        return switch (mode) {
            case STRICT ->
                switch (first) {
                    case MESH_TLS, OTHER_TLS -> Verdict.TERMINATE_MUTUAL_TLS;
                    case HTTP1, OTHER -> Verdict.RESET;
                };
            case OPEN, PERMISSIVE ->
                switch (first) {
                    case MESH_TLS -> Verdict.TERMINATE_MUTUAL_TLS;
                    case HTTP1 -> Verdict.RELAY_PLAINTEXT;
                    case OTHER_TLS, OTHER -> Verdict.RESET;
                };
            case DISABLE ->
                switch (first) {
                    case HTTP1 -> Verdict.RELAY_PLAINTEXT;
                    case MESH_TLS, OTHER_TLS, OTHER -> Verdict.RESET;
                };
        };
    }
}
