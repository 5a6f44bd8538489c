package io.countersign.outbox;

import java.io.Serial;

/// The topics hold what this database has not written: it was restored from a backup, or another one writes. Nothing is
/// published until the newer database is back or a person has decided for this one.
final class HistoryDoubtful extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    HistoryDoubtful(String message) {
        super(message);
    }
}
