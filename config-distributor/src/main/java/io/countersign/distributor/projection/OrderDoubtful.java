package io.countersign.distributor.projection;

import java.io.Serial;

/// The order of a topic cannot be trusted: what would be published from it might be older than what is in force.
/// Nothing is published any more until a person has looked.
public final class OrderDoubtful extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public OrderDoubtful(String message) {
        super(message);
    }

    public OrderDoubtful(String message, Throwable cause) {
        super(message, cause);
    }
}
