package io.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.mesh.InvalidInput;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RenewalScheduleTest {
    private static final Instant OBTAINED = Instant.parse("2026-11-21T10:00:00Z");
    private static final RenewalSchedule SCHEDULE = RenewalSchedule.STANDARD;

    @ParameterizedTest
    @ValueSource(longs = {30, 3_600, 86_400})
    void renewsAtHalfLifeGiveOrTakeATenth(long seconds) {
        // Given
        var random = new Random(1);
        var end = OBTAINED.plusSeconds(seconds);

        for (var round = 0; round < 200; round++) {
            // When
            var renewal = SCHEDULE.renewAt(OBTAINED, end, random);

            // Then
            assertThat(Duration.between(OBTAINED, renewal).toMillis()).isBetween(seconds * 450, seconds * 550);
        }
    }

    @Test
    void spreadsThoseWhoStartedTogether() {
        // Given
        var end = OBTAINED.plusSeconds(86_400);

        // When
        var renewals = new Random(1)
                .longs(100)
                .mapToObj(seed -> SCHEDULE.renewAt(OBTAINED, end, new Random(seed)))
                .toList();

        // Then
        assertThat(renewals).doesNotHaveDuplicates();
    }

    @Test
    void renewsAtOnceWhatCameTooLate() {
        // When
        var renewal = SCHEDULE.renewAt(OBTAINED, OBTAINED.minusSeconds(1), new Random(1));

        // Then
        assertThat(renewal).isEqualTo(OBTAINED);
    }

    @Test
    void waitsTwiceAsLongAfterEachFailureUpToABound() {
        // Given
        var random = new Random(1);

        for (var failures = 1; failures < 100; failures++) {
            // When
            var wait = SCHEDULE.retryAfter(failures, Duration.ZERO, random);

            // Then
            var plain = Math.min(250.0 * Math.pow(2, failures - 1), 4_000);
            assertThat((double) wait.toMillis()).isBetween(plain * 0.9 - 1, plain * 1.1 + 1);
        }
    }

    @Test
    void leavesRoomForMoreAttemptsBeforeTheEnd() {
        // Given: half of a life of 30 s is left, and ten attempts have failed
        var left = Duration.ofSeconds(15);

        // When
        var wait = SCHEDULE.retryAfter(10, left, new Random(1));

        // Then
        assertThat(wait).isLessThan(Duration.ofMillis(2_100)).isGreaterThan(Duration.ofMillis(1_600));
    }

    @Test
    void neverWaitsLessThanAfterAFirstFailure() {
        // When
        var wait = SCHEDULE.retryAfter(10, Duration.ofMillis(1), new Random(1));

        // Then
        assertThat(wait).isGreaterThan(Duration.ofMillis(220));
    }

    @Test
    void refusesWaitsThatAreNone() {
        // When, Then
        assertThatThrownBy(() -> new RenewalSchedule(Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(InvalidInput.class);
        assertThatThrownBy(() -> new RenewalSchedule(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(InvalidInput.class);
    }
}
