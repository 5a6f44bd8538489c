package io.countersign.mesh;

import java.io.Serial;

/// Input from outside that cannot be what it should be. The message names the thing, its value and what was
/// expected, and holds no secret, so that it may be shown to whoever sent the input.
public final class InvalidInput extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1L;

    public InvalidInput(String message) {
        super(message);
    }

    /// The usual form of the message: `svid lifetime: PT0S (expected: > 0)`.
    public static InvalidInput of(String thing, Object value, String expected) {
        return new InvalidInput(thing + ": " + value + " (expected: " + expected + ")");
    }
}
