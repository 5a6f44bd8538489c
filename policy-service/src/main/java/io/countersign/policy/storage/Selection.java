package io.countersign.policy.storage;

import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.object.StoredObject;
import java.util.Optional;
import java.util.function.Predicate;

/// Which objects of a type are meant.
///
/// @param namespace empty for all of them
/// @param name empty for all of them
/// @param matching what else must hold, by labels or fields
public record Selection(
        ResourceType type, Optional<String> namespace, Optional<String> name, Predicate<StoredObject> matching) {

    public static Selection of(ResourceType type, Optional<String> namespace) {
        return new Selection(type, namespace, Optional.empty(), _ -> true);
    }
}
