package io.countersign.outbox;

import java.time.Duration;
import java.util.ArrayList;

/// [OutboxConfig], validated.
record RelaySettings(String transactionalId, int batchSize, Duration pollInterval, Duration maxBackoff) {
    private static final int MAX_BATCH = 1_000;

    /// A relay whose host has vanished is replaced within this time; one that waits for Kafka's longest answer is not.
    private static final Duration TURN_TIMEOUT = Duration.ofSeconds(30);

    RelaySettings {
        var problems = new ArrayList<String>();
        if (transactionalId.isBlank()) {
            problems.add("outbox transactional id: empty (expected: a name)");
        }
        if (batchSize < 1 || batchSize > MAX_BATCH) {
            problems.add("outbox batch size: " + batchSize + " (expected: 1 to " + MAX_BATCH + ")");
        }
        if (!pollInterval.isPositive()) {
            problems.add("outbox poll interval: " + pollInterval + " (expected: > 0)");
        }
        if (!maxBackoff.isPositive()) {
            problems.add("outbox max backoff: " + maxBackoff + " (expected: > 0)");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }

    /// How long a relay that has its turn may leave the table alone: more than it ever waits before it looks again.
    Duration turnTimeout() {
        return pollInterval.plus(maxBackoff).plus(TURN_TIMEOUT);
    }

    static RelaySettings of(OutboxConfig config) {
        return new RelaySettings(
                config.transactionalId(), config.batchSize(), config.pollInterval(), config.maxBackoff());
    }
}
