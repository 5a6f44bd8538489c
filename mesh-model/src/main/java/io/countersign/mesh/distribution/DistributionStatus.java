package io.countersign.mesh.distribution;

import io.countersign.mesh.resource.ResourceKey;
import java.util.List;

/// How far one generation of a resource has come; becomes the resource's condition `Distributed`.
///
/// @param uid of the resource that was judged
/// @param generation that was judged
/// @param topicId the id of the config topic that the position is of
/// @param position that a node must have reached
/// @param reason one CamelCase word
/// @param message for people: how many nodes, which are behind, what was rejected
/// @param behind nodes that are not there yet, at most [#NAMES_MAX] of them
public record DistributionStatus(
        ResourceKey resource,
        String uid,
        long generation,
        String topicId,
        long position,
        Verdict verdict,
        String reason,
        String message,
        int nodes,
        int nodesInForce,
        List<String> behind) {
    /// Names beyond this many are only counted.
    public static final int NAMES_MAX = 10;

    /// The condition's status.
    public enum Verdict {
        TRUE("True"),
        FALSE("False");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        /// As Kubernetes writes it.
        public String word() {
            return word;
        }
    }

    public DistributionStatus {
        behind = List.copyOf(behind);
    }

    /// The same of another generation that has the same position to reach.
    public DistributionStatus of(DistributionTarget target) {
        return new DistributionStatus(
                target.resource(),
                target.uid(),
                target.generation(),
                target.topicId(),
                target.position(),
                verdict,
                reason,
                message,
                nodes,
                nodesInForce,
                behind);
    }

    public boolean isInForce() {
        return verdict == Verdict.TRUE;
    }
}
