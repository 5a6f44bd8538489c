package io.countersign.events;

import java.io.Serial;

/// A record's value that this version cannot read. The key keeps its last good value; the reader reports it.
public final class UnreadableRecord extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public UnreadableRecord(String message) {
        super(message);
    }

    public UnreadableRecord(String message, Throwable cause) {
        super(message, cause);
    }
}
