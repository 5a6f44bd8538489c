package io.countersign.mesh.distribution;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.DistributionStatus.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Judges whether a generation is in force: on every node that is there, and only if one is there.
public final class DistributionJudge {
    /// The reason of a generation whose last step is not published yet.
    public static final String CHANGING = "ChangingMode";

    private DistributionJudge() {}

    /// Says who has not followed the steps so far of a mode that changes.
    ///
    /// @param target at the position of the last step
    public static DistributionStatus changing(DistributionTarget target, Collection<NodeReport> reports, Instant now) {
        var steps = judge(target, reports, now);
        return new DistributionStatus(
                steps.resource(),
                steps.uid(),
                steps.generation(),
                steps.topicId(),
                steps.position(),
                Verdict.FALSE,
                CHANGING,
                "the mode changes in steps, the last one is " + steps.message(),
                steps.nodes(),
                steps.nodesInForce(),
                steps.behind());
    }

    /// Judges a target by the nodes' reports.
    ///
    /// @param reports the last report of every node
    /// @param now tells which nodes are gone: those whose certificate has ended
    public static DistributionStatus judge(DistributionTarget target, Collection<NodeReport> reports, Instant now) {
        var behind = new ArrayList<String>();
        var rejections = new TreeMap<String, String>();
        int counted = 0;
        for (var report : reports) {
            if (now.isAfter(report.certificateExpiry())) {
                continue;
            }
            counted++;
            var rejection = rejection(report, target);
            rejection.ifPresent(
                    entry -> rejections.put(report.node().value(), entry.getKey() + ": " + entry.getValue()));
            if (rejection.isPresent() || !hasReached(report, target)) {
                behind.add(report.node().value());
            }
        }
        if (counted == 0) {
            return status(target, Verdict.FALSE, "NoNodes", "no node is there", List.of(), 0);
        }
        if (!rejections.isEmpty()) {
            return status(target, Verdict.FALSE, "Rejected", rejected(rejections), behind, counted);
        }
        return behind.isEmpty()
                ? status(target, Verdict.TRUE, "InForce", "in force on " + nodes(counted), behind, counted)
                : status(target, Verdict.FALSE, "NodesBehind", behind(behind, counted), behind, counted);
    }

    private static Optional<Map.Entry<ConfigKey, String>> rejection(NodeReport report, DistributionTarget target) {
        // Of thousands of reports hardly one rejects anything.
        return report.rejected().isEmpty()
                ? Optional.empty()
                : report.rejected().entrySet().stream()
                        .filter(entry -> target.configKeys().contains(entry.getKey()))
                        .findFirst();
    }

    private static boolean hasReached(NodeReport report, DistributionTarget target) {
        return report.topicId().equals(target.topicId()) && report.position() >= target.position();
    }

    private static String nodes(int count) {
        return count == 1 ? "1 node" : count + " nodes";
    }

    private static String behind(List<String> behind, int counted) {
        return "in force on " + (counted - behind.size()) + " of " + nodes(counted) + "; behind: " + some(behind);
    }

    private static String rejected(Map<String, String> rejections) {
        return "rejected by "
                + some(rejections.entrySet().stream()
                        .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                        .toList());
    }

    private static String some(List<String> names) {
        var shown = String.join(", ", names.subList(0, Math.min(names.size(), DistributionStatus.NAMES_MAX)));
        var more = names.size() - DistributionStatus.NAMES_MAX;
        return more > 0 ? shown + " and " + more + " more" : shown;
    }

    private static DistributionStatus status(
            DistributionTarget target, Verdict verdict, String reason, String message, List<String> behind, int nodes) {
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
                nodes - behind.size(),
                behind.subList(0, Math.min(behind.size(), DistributionStatus.NAMES_MAX)));
    }
}
