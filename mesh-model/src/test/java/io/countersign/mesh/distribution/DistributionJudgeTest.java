package io.countersign.mesh.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DistributionJudgeTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final SpiffeId IDENTITY = SpiffeId.parse("spiffe://cluster.local/ns/full/sa/httpbin");
    private static final ConfigKey HTTPBIN = ConfigKey.workload("full", "httpbin");
    private static final DistributionTarget TARGET = new DistributionTarget(
            ResourceKey.of(ResourceType.MESH_POLICY, "", "default"), "uid", 2, "topic", 40, Set.of(HTTPBIN));

    @Test
    void isInForceWhenEveryNodeHasReachedThePosition() {
        assertThat(judge(report("a", 40), report("b", 41)))
                .returns(true, DistributionStatus::isInForce)
                .returns(2L, DistributionStatus::generation)
                .returns(2, DistributionStatus::nodesInForce);
    }

    @Test
    void isNotInForceWithNoNodeThere() {
        assertThat(judge())
                .returns(false, DistributionStatus::isInForce)
                .returns("NoNodes", DistributionStatus::reason);
    }

    @Test
    void isNotInForceWhenTheOnlyNodeIsGone() {
        var gone = new NodeReport(
                new NodeId("a"), IDENTITY, new TreeMap<>(), "topic", 40, 1, new TreeMap<>(), "", NOW.minusSeconds(1));
        assertThat(judge(gone)).returns("NoNodes", DistributionStatus::reason);
    }

    @Test
    void namesTheNodesThatAreBehind() {
        assertThat(judge(report("a", 40), report("b", 39)))
                .returns(false, DistributionStatus::isInForce)
                .returns(List.of("b"), DistributionStatus::behind)
                .returns("in force on 1 of 2 nodes; behind: b", DistributionStatus::message);
    }

    @Test
    void aPositionOfAnotherTopicDoesNotCount() {
        var other = new NodeReport(
                new NodeId("a"),
                IDENTITY,
                new TreeMap<>(),
                "older topic",
                99,
                1,
                new TreeMap<>(),
                "",
                NOW.plusSeconds(9));
        assertThat(judge(other)).returns("NodesBehind", DistributionStatus::reason);
    }

    @Test
    void aRejectionOfWhatTheGenerationChangedIsNamedWithItsReason() {
        assertThat(judge(report("a", 40), rejecting("b", HTTPBIN)))
                .returns("Rejected", DistributionStatus::reason)
                .returns("rejected by b (workload/full/httpbin: unreadable)", DistributionStatus::message);
    }

    @Test
    void aRejectionOfSomethingElseDoesNotCount() {
        assertThat(judge(rejecting("b", ConfigKey.workload("full", "sleep"))))
                .returns(true, DistributionStatus::isInForce);
    }

    private static DistributionStatus judge(NodeReport... reports) {
        return DistributionJudge.judge(TARGET, List.of(reports), NOW);
    }

    private static NodeReport report(String node, long position) {
        return new NodeReport(
                new NodeId(node),
                IDENTITY,
                new TreeMap<>(),
                "topic",
                position,
                1,
                new TreeMap<>(),
                "",
                NOW.plusSeconds(9));
    }

    private static NodeReport rejecting(String node, ConfigKey key) {
        var rejected = new TreeMap<>(Map.of(key, "unreadable"));
        return new NodeReport(
                new NodeId(node), IDENTITY, new TreeMap<>(), "topic", 40, 1, rejected, "", NOW.plusSeconds(9));
    }
}
