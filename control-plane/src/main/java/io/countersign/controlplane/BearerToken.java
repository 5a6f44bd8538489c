package io.countersign.controlplane;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The credential of an `Authorization` header (RFC 6750, 2.1).
public final class BearerToken {
    private static final String SCHEME = "Bearer ";

    private BearerToken() {}

    /// The token; empty without the header, or with a credential of another kind.
    public static Optional<String> in(@Nullable String authorization) {
        return Optional.ofNullable(authorization)
                .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(header -> header.substring(SCHEME.length()).strip());
    }
}
