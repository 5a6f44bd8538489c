package io.countersign.distributor.publication;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PublicationSettingsTest {
    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThatThrownBy(() ->
                        new PublicationSettings(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(-1), Duration.ZERO))
                .hasMessage("distribution progress interval: PT0S (expected: > 0); "
                        + "transition max: PT0S (expected: > 0); "
                        + "bus topic check interval: PT-1S (expected: > 0); "
                        + "bus retry pause: PT0S (expected: > 0)");
    }
}
