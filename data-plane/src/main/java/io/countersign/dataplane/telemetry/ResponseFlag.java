package io.countersign.dataplane.telemetry;

/// Why a request or a connection did not go as it should, in Envoy's words (access log, `%RESPONSE_FLAGS%`).
public enum ResponseFlag {
    /// All went well.
    NONE("-"),
    /// The upstream could not be connected to, or its handshake failed.
    UPSTREAM_CONNECTION_FAILURE("UF"),
    /// The upstream ended the connection before its response.
    UPSTREAM_CONNECTION_TERMINATION("UC"),
    /// The upstream reset the request.
    UPSTREAM_REMOTE_RESET("UR"),
    /// A bound on connections or waiting requests was reached.
    UPSTREAM_OVERFLOW("UO"),
    /// The destination has no endpoint that may be used.
    NO_HEALTHY_UPSTREAM("UH"),
    /// The mesh knows no such destination.
    NO_ROUTE_FOUND("NR"),
    /// The upstream did not answer in time.
    UPSTREAM_REQUEST_TIMEOUT("UT"),
    /// The upstream's response could not be read.
    UPSTREAM_PROTOCOL_ERROR("UPE"),
    /// The client ended the connection first.
    DOWNSTREAM_CONNECTION_TERMINATION("DC"),
    /// The client's request could not be read or could be read in two ways.
    DOWNSTREAM_PROTOCOL_ERROR("DPE"),
    /// The connection was not admitted by the port's mode.
    NOT_ADMITTED("RBAC"),
    /// The connection lay idle for too long.
    IDLE_TIMEOUT("SI"),
    /// The connection was cut because its peer was withdrawn, or at the end of a drain.
    LOCAL_RESET("LR");

    private final String code;

    ResponseFlag(String code) {
        this.code = code;
    }

    /// As it stands in the access log.
    public String code() {
        return code;
    }
}
