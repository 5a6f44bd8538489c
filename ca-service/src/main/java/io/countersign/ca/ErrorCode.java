package io.countersign.ca;

import io.countersign.controlplane.ProblemType;

/// Why a request is refused.
public enum ErrorCode implements ProblemType {
    /// Not JSON, or fields that are missing or wrong.
    INVALID_REQUEST(400, "The request cannot be read"),
    /// The certificate request is none, proves nothing, or asks for a kind of key that is not issued for.
    INVALID_CSR(400, "The certificate request is not acceptable"),
    /// No credential, or one that is not known.
    UNAUTHENTICATED(401, "A credential is needed"),
    /// The join token is not known or has expired.
    JOIN_TOKEN_REFUSED(403, "The join token is not valid"),
    /// The join token was spent on another key.
    JOIN_TOKEN_SPENT(403, "The join token was spent on another key"),
    /// The request names another identity than its credential allows.
    IDENTITY_MISMATCH(403, "The credential is for another identity"),
    /// The presented SVID was not issued here, or was revoked.
    SVID_REFUSED(403, "The presented SVID is not accepted");

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
