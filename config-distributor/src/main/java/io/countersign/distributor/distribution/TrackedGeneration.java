package io.countersign.distributor.distribution;

import io.countersign.mesh.distribution.DistributionStatus;
import io.countersign.mesh.distribution.DistributionTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One generation on its way.
///
/// @param published the last status that was published of this generation
/// @param since when it was published, or when the generation was folded: progress is told only so often
record TrackedGeneration(DistributionTarget target, Optional<DistributionStatus> published, Instant since) {
    static final String BEHIND = "NodesBehind";
    static final String REJECTED = "Rejected";

    /// What is published stays true when a node comes later or falls back; only a rejection takes it back.
    boolean stands(DistributionStatus judged) {
        return published.filter(judged::equals).isPresent()
                || (inForce() && !judged.reason().equals(REJECTED));
    }

    /// Whether a status is to be published now; otherwise it is progress that can wait.
    boolean isDue(DistributionStatus judged, Instant now, Duration progressInterval) {
        return isNews(judged) || !now.isBefore(since.plus(progressInterval));
    }

    /// Whether it need not be told now that nodes are behind, were it so.
    boolean canWait(Instant now, Duration progressInterval) {
        return !inForce() && now.isBefore(since.plus(progressInterval));
    }

    TrackedGeneration published(DistributionStatus status, Instant now) {
        return new TrackedGeneration(target, Optional.of(status), now);
    }

    /// Whether only a rejection can still change the verdict.
    boolean inForce() {
        return published.filter(DistributionStatus::isInForce).isPresent();
    }

    private boolean isNews(DistributionStatus judged) {
        return published
                .map(last -> last.verdict() != judged.verdict()
                        || (judged.reason().equals(REJECTED) && !last.reason().equals(REJECTED)))
                .orElse(!judged.reason().equals(BEHIND));
    }
}
