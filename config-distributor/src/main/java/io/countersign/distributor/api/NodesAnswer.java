package io.countersign.distributor.api;

import io.countersign.distributor.distribution.ConfigPosition;
import io.countersign.distributor.publication.DistributorSnapshot;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.NodeReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How far every node has come.
///
/// @param end the offset after the last record of the config topic
/// @param topicId of the config topic
record NodesAnswer(long end, String topicId, List<Node> nodes) {
    /// Nodes repeat their report every ten seconds, more or less: three of them are missing.
    private static final Duration SILENT_AFTER = Duration.ofSeconds(33);

    /// What a node reports.
    ///
    /// @param position all before it is in force on the node
    /// @param behind how many offsets are not yet
    /// @param silent whether it has not been heard for a while
    /// @param rejected config keys whose newest record is not in force, and why
    record Node(
            String node,
            String identity,
            List<String> workloads,
            long position,
            long behind,
            long trustSequence,
            Instant certificateExpiry,
            boolean silent,
            Map<String, String> rejected) {}

    static NodesAnswer of(DistributorSnapshot mesh, Instant now) {
        var end = mesh.end().orElseThrow();
        return new NodesAnswer(
                end.offset(),
                end.topicId(),
                mesh.state().reports().values().stream()
                        .filter(report -> !now.isAfter(report.certificateExpiry()))
                        .map(report -> node(report, end, isSilent(report, mesh, now)))
                        .toList());
    }

    private static boolean isSilent(NodeReport report, DistributorSnapshot mesh, Instant now) {
        return mesh.heard().getOrDefault(report.node(), Instant.EPOCH).isBefore(now.minus(SILENT_AFTER));
    }

    private static Node node(NodeReport report, ConfigPosition end, boolean silent) {
        // A position on another topic of that name is none on this one.
        var position = report.topicId().equals(end.topicId()) ? report.position() : 0;
        var rejected = new TreeMap<String, String>();
        report.rejected().forEach((key, why) -> rejected.put(key.toString(), why));
        return new Node(
                report.node().value(),
                report.identity().toString(),
                report.workloads().keySet().stream().map(NodesAnswer::name).toList(),
                position,
                Math.max(0, end.offset() - position),
                report.trustSequence(),
                report.certificateExpiry(),
                silent,
                rejected);
    }

    private static String name(ConfigKey workload) {
        return workload.namespace() + "/" + workload.name();
    }
}
