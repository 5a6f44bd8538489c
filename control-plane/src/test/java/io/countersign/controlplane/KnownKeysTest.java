package io.countersign.controlplane;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.mesh.InvalidInput;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownKeysTest {
    @Test
    void leavesTheKeysOfOthersAlone() {
        // Given
        var names = List.of("quarkus.management.port", "countersign.identity.node-id", "countersign.identity.ca-uri");

        // When, Then
        assertThatCode(() -> KnownKeys.require(names, IdentityConfig.class)).doesNotThrowAnyException();
    }

    @Test
    void namesEveryKeyThatNobodyReads() {
        // Given
        var names = List.of("countersign.identity.ca-url", "countersign.a", "countersign.identity.node-id");

        // When, Then
        assertThatThrownBy(() -> KnownKeys.require(names, IdentityConfig.class))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("unknown configuration keys: countersign.a, countersign.identity.ca-url");
    }
}
