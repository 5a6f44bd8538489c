package io.countersign.policy.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import org.junit.jupiter.api.Test;

class StoredObjectTest {
    private final StoredObject policy = Objects.policy("{\"peers\":[]}");

    @Test
    void raisesTheGenerationWhenTheSpecChanges() {
        var next = policy.next(Objects.manifest(policy.key(), "{\"peers\":[{\"mtls\":{}}]}"), 9, Objects.CREATED);
        assertThat(next.generation()).isEqualTo(2);
        assertThat(next.sequence()).isEqualTo(9);
        assertThat(next.version().createdSequence()).isEqualTo(7);
    }

    @Test
    void leavesTheGenerationAndItsConditionWhenOnlyLabelsChange() {
        var manifest = Objects.labelled(Objects.manifest(policy.key(), "{\"peers\":[]}"), "a", "b");
        var next = policy.next(manifest, 9, Objects.CREATED);
        assertThat(next.generation()).isEqualTo(1);
        assertThat(next.conditions()).isEqualTo(policy.conditions());
    }

    @Test
    void raisesTheGenerationOfAWorkloadWhoseLabelsChange() {
        // Given
        var key = ResourceKey.of(ResourceType.WORKLOAD_ENTRY, "full", "sleep");
        var spec = "{\"address\":\"127.0.0.2\"}";
        // When
        var next = Objects.created(key, spec)
                .next(
                        Objects.labelled(Objects.manifest(key, spec), "security.istio.io/tlsMode", "istio"),
                        9,
                        Objects.CREATED);
        // Then
        assertThat(next.generation()).isEqualTo(2);
    }

    @Test
    void knowsAManifestThatSaysNothingNew() {
        assertThat(Objects.manifest(policy.key(), "{\"peers\":[]}").saysTheSameAs(policy))
                .isTrue();
        assertThat(Objects.manifest(policy.key(), "{}").saysTheSameAs(policy)).isFalse();
    }
}
