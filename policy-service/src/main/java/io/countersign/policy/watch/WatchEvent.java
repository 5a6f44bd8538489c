package io.countersign.policy.watch;

import io.countersign.policy.object.StoredObject;
import java.util.Optional;
import java.util.function.Predicate;

/// What a watcher is told about one change.
///
/// @param type ADDED, MODIFIED or DELETED
record WatchEvent(String type, StoredObject object) {
    static WatchEvent added(StoredObject object) {
        return new WatchEvent("ADDED", object);
    }

    /// The event about an object's newest state, for a watcher who has seen everything up to a sequence; empty when
    /// it is no news. What no longer matches the watcher's selector is gone for that watcher.
    static Optional<WatchEvent> of(StoredObject object, long seen, Predicate<StoredObject> matching) {
        var isNew = object.version().createdSequence() > seen;
        if (object.deleted() || !matching.test(object)) {
            return isNew ? Optional.empty() : Optional.of(new WatchEvent("DELETED", object));
        }
        return Optional.of(isNew ? added(object) : new WatchEvent("MODIFIED", object));
    }
}
