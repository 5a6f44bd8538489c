package io.countersign.integration.bench;

import java.time.Duration;
import java.util.List;

/// Durations by rank.
public record Quantiles(List<Duration> sorted) {
    public static Quantiles of(List<Duration> times) {
        return new Quantiles(times.stream().sorted().toList());
    }

    /// The smallest that so many of all do not exceed.
    ///
    /// @param quantile from 0 to 1
    public double millis(double quantile) {
        var index = (int) Math.ceil(quantile * sorted.size()) - 1;
        return sorted.get(Math.max(0, index)).toNanos() / 1e6;
    }
}
