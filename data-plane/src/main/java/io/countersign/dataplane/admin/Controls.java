package io.countersign.dataplane.admin;

/// What may be done to a node on its admin address. For any thread; must not wait.
public interface Controls {
    /// Accepts no more, and lets what is in progress finish.
    void drainListeners();

    /// Drains and ends the process.
    void quit();
}
