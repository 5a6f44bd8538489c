package io.countersign.distributor.publication;

/// How the distributor stands, for who watches it.
public sealed interface Standing {
    /// It publishes what changes.
    record Publishing() implements Standing {}

    /// It has read everything; another replica publishes.
    record Standby() implements Standing {}

    /// It does not publish yet, and goes on by itself when the reason is gone.
    record Waiting(String reason) implements Standing {}

    /// It will not publish any more: a person must look.
    record Halted(String reason) implements Standing {}
}
