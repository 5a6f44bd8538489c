package io.countersign.outbox;

/// The outbox's table cannot be read or written now.
public final class OutboxUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutboxUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
