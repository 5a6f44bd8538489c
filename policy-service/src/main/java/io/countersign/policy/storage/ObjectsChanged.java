package io.countersign.policy.storage;

/// A transaction has changed objects. Observed after its commit.
public record ObjectsChanged() {}
