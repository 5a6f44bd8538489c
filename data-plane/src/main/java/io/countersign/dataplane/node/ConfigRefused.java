package io.countersign.dataplane.node;

import java.io.Serial;

/// The configuration cannot be used; the message names every problem, for people.
public final class ConfigRefused extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public ConfigRefused(String message) {
        super(message);
    }
}
