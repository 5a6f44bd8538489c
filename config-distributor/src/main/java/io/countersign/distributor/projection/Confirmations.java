package io.countersign.distributor.projection;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.DistributionTarget;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.projection.MeshState;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.pcollections.TreePSet;

/// How far the nodes that are there have confirmed the config topic.
///
/// @param everyone the position that all of them have reached; no limit when none is there
/// @param rejected config keys whose newest record some node does not have in force
/// @param until no certificate that counts ends before
public record Confirmations(
        MeshState state, String topicId, Instant now, long everyone, Set<ConfigKey> rejected, Instant until) {
    /// What the last reports say.
    ///
    /// @param topicId of the config topic; a node that follows another one has reached nothing
    public static Confirmations of(MeshState state, String topicId, Instant now) {
        var rejected = new HashSet<ConfigKey>();
        var until = Instant.MAX;
        for (var report : state.reports().values()) {
            rejected.addAll(report.rejected().keySet());
            var end = report.certificateExpiry();
            until = now.isAfter(end) || until.isBefore(end) ? until : end;
        }
        return new Confirmations(state, topicId, now, lowest(state.reports().values(), topicId, now), rejected, until);
    }

    /// The same at another time and place, where no report has changed since and no node has gone.
    public Optional<Confirmations> still(MeshState other, String otherTopicId, Instant later) {
        return later.isBefore(now) || later.isAfter(until) || !topicId.equals(otherTopicId)
                ? Optional.empty()
                : Optional.of(new Confirmations(other, topicId, later, everyone, rejected, until));
    }

    /// The position that all nodes of a workload have reached; no limit when none serves it.
    public long server(ConfigKey workload) {
        var nodes = state.served().getOrDefault(workload, TreePSet.<NodeId>empty()).stream()
                .map(node -> Objects.requireNonNull(state.reports().get(node), "a node that serves has reported"))
                .toList();
        return lowest(nodes, topicId, now);
    }

    /// Whether somebody has not reached the target for sure.
    public boolean lack(DistributionTarget target) {
        return topicId.equals(target.topicId()) && everyone < target.position();
    }

    private static long lowest(Collection<NodeReport> reports, String topicId, Instant now) {
        return reports.stream()
                .filter(report -> !now.isAfter(report.certificateExpiry()))
                .mapToLong(report -> report.topicId().equals(topicId) ? report.position() : 0)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
