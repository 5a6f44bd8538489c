package io.countersign.ca;

import java.util.Locale;

/// Why a request is refused: the problem's type, the metric's label, the key in logs.
public enum ErrorCode {
    /// Not JSON, or fields that are missing or wrong.
    INVALID_REQUEST,
    /// The certificate request is none, proves nothing, or asks for a kind of key that is not issued for.
    INVALID_CSR,
    /// No credential, or one that is not known.
    UNAUTHENTICATED,
    /// The join token is not known or has expired.
    JOIN_TOKEN_REFUSED,
    /// The join token was spent on another key.
    JOIN_TOKEN_SPENT,
    /// The request names another identity than its credential allows.
    IDENTITY_MISMATCH,
    /// The presented SVID was not issued here, or was revoked.
    SVID_REFUSED;

    /// The code as it stands in a problem's `type`.
    public String type() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
