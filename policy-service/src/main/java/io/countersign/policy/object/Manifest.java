package io.countersign.policy.object;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.object.StoredObject.Labelling;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An object as somebody wrote it, valid in all its fields.
///
/// @param uid of the object that the writer means, if they said so
/// @param sequence the `resourceVersion` that the writer saw, if they said so
/// @param spec null when it was left out
public record Manifest(
        ResourceKey key,
        Optional<String> uid,
        Optional<String> sequence,
        Labelling labelling,
        @Nullable JsonNode spec) {

    /// True when it says what the stored object says already.
    public boolean saysTheSameAs(StoredObject stored) {
        return labelling.equals(stored.labelling()) && Objects.equals(spec, stored.spec());
    }

    /// True when it changes what the mesh puts in force: the spec, and a workload's labels, which select it.
    public boolean changesWhatIsInForce(StoredObject stored) {
        return !Objects.equals(spec, stored.spec())
                || (key.type() == ResourceType.WORKLOAD_ENTRY
                        && !labelling.labels().equals(stored.labels()));
    }
}
