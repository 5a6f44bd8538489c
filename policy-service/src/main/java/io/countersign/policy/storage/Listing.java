package io.countersign.policy.storage;

import io.countersign.policy.object.StoredObject;
import java.util.List;

/// Objects, with a sequence that a watch can go on from without missing a change.
///
/// @param sequence every change up to it is in the objects
public record Listing(List<StoredObject> objects, long sequence) {
    public Listing {
        objects = List.copyOf(objects);
    }
}
