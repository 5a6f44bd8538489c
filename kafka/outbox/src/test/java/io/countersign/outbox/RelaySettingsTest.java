package io.countersign.outbox;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RelaySettingsTest {
    @Test
    void namesEveryViolation() {
        assertThatThrownBy(() -> new RelaySettings(" ", 0, Duration.ZERO, Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outbox transactional id: empty")
                .hasMessageContaining("outbox batch size: 0 (expected: 1 to 1000)")
                .hasMessageContaining("outbox poll interval: PT0S (expected: > 0)")
                .hasMessageContaining("outbox max backoff: PT-1S (expected: > 0)");
    }
}
