package io.countersign.mesh.view;

import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.PortProtocol;

/// Whether a connection to a port is let in, by the port's mode and protocol and by the connection's first bytes. What
/// is not known to be allowed is reset.
public final class Admission {
    private Admission() {}

    /// What to do with a connection.
    public enum Verdict {
        /// Terminate mutual TLS; the client's certificate is required.
        TERMINATE_MUTUAL_TLS,
        /// Relay its requests.
        RELAY_HTTP,
        /// Relay its bytes, untouched.
        RELAY_RAW,
        /// Reset the connection: a TCP RST, not a FIN.
        RESET
    }

    public static Verdict decide(PortMode mode, PortProtocol protocol, FirstBytes first) {
        var terminates = switch (first) {
            case MESH_TLS -> mode.takesMutualTls();
            case OTHER_TLS -> mode == PortMode.STRICT;
            case HTTP1, HTTP2, OTHER, SILENT -> false;
        };
        if (terminates) {
            return Verdict.TERMINATE_MUTUAL_TLS;
        }
        return mode.takesPlaintext() ? relay(protocol, first) : Verdict.RESET;
    }

    /// How a connection goes on where TLS is not in question: on a port without it, and inside of it.
    public static Verdict relay(PortProtocol protocol, FirstBytes first) {
        var isHttp = first == FirstBytes.HTTP1 || first == FirstBytes.HTTP2;
        return switch (protocol) {
            case TCP -> Verdict.RELAY_RAW;
            case AUTO -> isHttp ? Verdict.RELAY_HTTP : Verdict.RELAY_RAW;
            case HTTP -> isHttp ? Verdict.RELAY_HTTP : Verdict.RESET;
        };
    }
}
