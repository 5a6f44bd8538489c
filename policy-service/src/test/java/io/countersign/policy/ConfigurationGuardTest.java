package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationGuardTest {
    @Test
    void namesEveryKeyUnderNoKnownPrefix() {
        // Given
        var names =
                List.of("countersign.plicy.users-file", "countersign.policy.users-file", "quarkus.x", "countersign.a");
        // When
        var unknown = ConfigurationGuard.unknown(names);
        // Then
        assertThat(unknown).containsExactly("countersign.a", "countersign.plicy.users-file");
    }
}
