package io.countersign.policy.object;

import io.countersign.mesh.distribution.DistributionStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rules of the condition `Distributed`: it speaks of the generation that is stored, never of an older one.
public final class DistributedCondition {
    public static final String TYPE = "Distributed";

    private DistributedCondition() {}

    /// The conditions of an object whose generation has just been written.
    public static List<Condition> pending(List<Condition> before, long generation, Instant now) {
        return with(before, "Unknown", "Pending", "written, not distributed yet", generation, now);
    }

    /// The conditions after the distributor's word, or empty when it speaks of another life of the name, of another
    /// generation, or says what is known already.
    public static Optional<List<Condition>> after(DistributionStatus said, StoredObject object, Instant now) {
        if (!said.uid().equals(object.uid().toString()) || said.generation() != object.generation()) {
            return Optional.empty();
        }
        var next =
                with(object.conditions(), said.verdict().word(), said.reason(), said.message(), said.generation(), now);
        return next.equals(object.conditions()) ? Optional.empty() : Optional.of(next);
    }

    private static List<Condition> with(
            List<Condition> before, String status, String reason, String message, long generation, Instant now) {
        var since = before.stream()
                .filter(each -> each.type().equals(TYPE) && each.status().equals(status))
                .map(Condition::lastTransitionTime)
                .findFirst()
                .orElse(now);
        var next = new ArrayList<>(before);
        next.removeIf(each -> each.type().equals(TYPE));
        next.add(new Condition(TYPE, status, reason, message, generation, since));
        return List.copyOf(next);
    }
}
