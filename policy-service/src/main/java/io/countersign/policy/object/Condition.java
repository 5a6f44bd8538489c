package io.countersign.policy.object;

import java.time.Instant;

/// One entry of `status.conditions`, as the Kubernetes API conventions have it.
///
/// @param status True, False or Unknown
/// @param observedGeneration the generation that it speaks of
public record Condition(
        String type,
        String status,
        String reason,
        String message,
        long observedGeneration,
        Instant lastTransitionTime) {}
