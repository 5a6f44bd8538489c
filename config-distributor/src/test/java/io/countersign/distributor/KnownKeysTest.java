package io.countersign.distributor;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class KnownKeysTest {
    @Test
    void leavesTheKeysOfOthersAlone() {
        assertThatCode(() -> KnownKeys.require(List.of("quarkus.management.port", "countersign.bus.properties-file")))
                .doesNotThrowAnyException();
    }

    @Test
    void namesEveryKeyThatNobodyReads() {
        assertThatThrownBy(() -> KnownKeys.require(List.of("countersign.distributor.b", "countersign.a")))
                .hasMessageStartingWith(
                        "configuration: countersign.a, countersign.distributor.b (expected: only countersign.bus.");
    }
}
