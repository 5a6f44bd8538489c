package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.policy.mesh.MeshPlan;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyConfigTest {
    private static final Map<String, String> LEAST = Map.of("countersign.policy.users-file", "/etc/users.csv");

    @Test
    void hasSafeDefaults() {
        // When
        var config = read(LEAST);
        // Then
        assertThat(config.usersFile()).isEqualTo(Path.of("/etc/users.csv"));
        assertThat(config.mesh().rootNamespace()).isEqualTo("istio-system");
        assertThat(config.mesh().defaultMode()).isEqualTo(MtlsMode.PERMISSIVE);
    }

    @Test
    void readsEveryKey() {
        // When
        var config = read(with(
                "countersign.policy.mesh.root-namespace", "root", "countersign.policy.mesh.default-mode", "STRICT"));
        // Then
        assertThat(config.mesh().rootNamespace()).isEqualTo("root");
        assertThat(config.mesh().defaultMode()).isEqualTo(MtlsMode.STRICT);
    }

    @Test
    void refusesWhatIsMissingUnknownOrWrong() {
        assertThatThrownBy(() -> read(Map.of())).isInstanceOf(ConfigValidationException.class);
        assertThatThrownBy(() -> read(with("countersign.policy.user-file", "x")))
                .isInstanceOf(ConfigValidationException.class);
        assertThatThrownBy(() -> read(with("countersign.policy.mesh.default-mode", "STRONG")))
                .isInstanceOf(ConfigValidationException.class);
        assertThatThrownBy(() -> new MeshPlan(new TrustDomain("cluster.local"), "No Name", MtlsMode.STRICT, true))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("mesh root namespace: invalid value: No Name");
    }

    private static Map<String, String> with(String... pairs) {
        var values = new HashMap<>(LEAST);
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        return values;
    }

    private static PolicyConfig read(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(PolicyConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build()
                .getConfigMapping(PolicyConfig.class);
    }
}
