package io.countersign.identity;

import io.countersign.mesh.InvalidInput;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// When to renew and when to try again. Pure: time and chance come in as arguments.
///
/// @param retryFirst the wait after the first failure; doubled with each further one
/// @param retryMax the longest wait
public record RenewalSchedule(Duration retryFirst, Duration retryMax) {
    public static final RenewalSchedule STANDARD = new RenewalSchedule(Duration.ofMillis(250), Duration.ofSeconds(4));

    /// Half-life plus or minus this share, so that those who started together do not renew together.
    private static final double JITTER = 0.1;

    /// However long a wait would be, this many attempts fit into the time that is left.
    private static final int ATTEMPTS_LEFT = 8;

    private static final int DOUBLINGS_MAX = 20;

    public RenewalSchedule {
        if (retryFirst.isNegative() || retryFirst.isZero() || retryMax.compareTo(retryFirst) < 0) {
            throw InvalidInput.of("retry waits", retryFirst + ", " + retryMax, "0 < first <= max");
        }
    }

    /// Half of what was left when the SVID came, plus or minus a tenth. Counted from its coming and not from its
    /// `notBefore`, which lies in the past for the sake of peers whose clocks are late.
    public Instant renewAt(Instant obtained, Instant notAfter, RandomGenerator random) {
        var life = Duration.between(obtained, notAfter);
        return life.isNegative() ? obtained : obtained.plus(jittered(life.dividedBy(2), random));
    }

    /// How long to wait after a failure: doubles up to the longest, but never so long that fewer than eight attempts
    /// remain before the end.
    ///
    /// @param failures in a row, at least 1
    /// @param left until the present SVID ends; negative or zero when it has ended or there is none
    public Duration retryAfter(int failures, Duration left, RandomGenerator random) {
        var doubled = retryFirst.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS_MAX));
        var wait = shorter(doubled, retryMax);
        if (left.isPositive()) {
            wait = longer(shorter(wait, left.dividedBy(ATTEMPTS_LEFT)), retryFirst);
        }
        return jittered(wait, random);
    }

    private static Duration jittered(Duration duration, RandomGenerator random) {
        var factor = 1 + JITTER * (2 * random.nextDouble() - 1);
        return Duration.ofNanos((long) (duration.toNanos() * factor));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
