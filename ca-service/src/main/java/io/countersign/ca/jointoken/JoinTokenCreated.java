package io.countersign.ca.jointoken;

import java.time.Instant;

/// The answer to a request for a join token; holds its secret.
record JoinTokenCreated(String token, Instant expiresAt) {
    @Override
    public String toString() {
        return "JoinTokenCreated[expiresAt=" + expiresAt + "]";
    }
}
