package io.countersign.dataplane.admin;

import java.util.Optional;

/// What may be done to a node on its admin address, and what it says of itself. For any thread; must not wait.
public interface Controls {
    /// Accepts no more, and lets what is in progress finish.
    void drainListeners();

    /// Drains and ends the process.
    void quit();

    /// Why the node takes no changes at the moment; empty while it does.
    Optional<String> trouble();
}
