package io.countersign.cli;

import java.io.Serial;

/// What a command cannot do, in words for whoever typed it; ends csign with exit code 1.
final class Failure extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    Failure(String message) {
        super(message);
    }

    Failure(String message, Throwable cause) {
        super(message, cause);
    }
}
