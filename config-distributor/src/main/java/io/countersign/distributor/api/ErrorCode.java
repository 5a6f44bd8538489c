package io.countersign.distributor.api;

import io.countersign.controlplane.ProblemType;

/// Why a request is refused.
enum ErrorCode implements ProblemType {
    INVALID_REQUEST(400, "The request cannot be read"),
    UNAUTHENTICATED(401, "A credential is needed"),
    NOT_FOUND(404, "The mesh has no such thing"),
    NODE_UNREACHABLE(502, "The node does not answer"),
    MESH_UNREAD(503, "The mesh has not been read yet");

    private final int status;
    private final String title;

    ErrorCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
