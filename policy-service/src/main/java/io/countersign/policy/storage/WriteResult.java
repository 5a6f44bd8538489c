package io.countersign.policy.storage;

import io.countersign.policy.object.StoredObject;

/// What became of a write.
public sealed interface WriteResult {
    /// The object is stored so, or is gone and was so at last.
    record Stored(StoredObject object) implements WriteResult {}

    /// The object says this already; nothing was written.
    record Unchanged(StoredObject object) implements WriteResult {}

    record NotFound() implements WriteResult {}

    record AlreadyExists() implements WriteResult {}

    record NamespaceMissing(String namespace) implements WriteResult {}

    /// Another write came between reading and writing.
    record Overtaken() implements WriteResult {}
}
