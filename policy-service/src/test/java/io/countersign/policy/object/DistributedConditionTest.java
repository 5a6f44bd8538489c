package io.countersign.policy.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.countersign.mesh.distribution.DistributionStatus;
import io.countersign.mesh.distribution.DistributionStatus.Verdict;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistributedConditionTest {
    private static final Instant LATER = Objects.CREATED.plusSeconds(60);
    private static final Instant MUCH_LATER = LATER.plusSeconds(60);

    private final StoredObject policy = Objects.policy("{}");

    @Test
    void isUnknownForAGenerationThatWasJustWritten() {
        assertThat(policy.conditions())
                .containsExactly(new Condition(
                        "Distributed", "Unknown", "Pending", "written, not distributed yet", 1, Objects.CREATED));
    }

    @Test
    void saysWhatTheDistributorSays() {
        var next = DistributedCondition.after(said(1, Verdict.TRUE, "InForce"), policy, LATER);
        assertThat(next)
                .hasValueSatisfying(conditions -> assertThat(conditions)
                        .containsExactly(new Condition("Distributed", "True", "InForce", "on 3 nodes", 1, LATER)));
    }

    @Test
    void keepsTheTimeOfItsLastTransitionWhileItsStatusStays() {
        // Given
        var behind = policy.at(
                8,
                DistributedCondition.after(said(1, Verdict.FALSE, "NodesBehind"), policy, LATER)
                        .orElseThrow());
        // When
        var next = DistributedCondition.after(said(1, Verdict.FALSE, "Rejected"), behind, MUCH_LATER);
        // Then
        assertThat(next)
                .hasValueSatisfying(conditions -> assertThat(conditions)
                        .extracting(Condition::reason, Condition::lastTransitionTime)
                        .containsExactly(tuple("Rejected", LATER)));
    }

    @Test
    void ignoresWordOfAnOlderGeneration() {
        // Given
        var manifest = Objects.manifest(policy.key(), "{\"peers\":[]}");
        var second = policy.next(manifest, 8, LATER);
        // When
        var next = DistributedCondition.after(said(1, Verdict.TRUE, "InForce"), second, MUCH_LATER);
        // Then
        assertThat(next).isEmpty();
        assertThat(second.conditions())
                .extracting(Condition::status, Condition::observedGeneration)
                .containsExactly(tuple("Unknown", 2L));
    }

    @Test
    void ignoresWordOfAnotherLifeOfTheName() {
        var said = new DistributionStatus(
                policy.key(), "another", 1, "topic", 5, Verdict.TRUE, "InForce", "on 3 nodes", 3, 3, List.of());
        assertThat(DistributedCondition.after(said, policy, LATER)).isEmpty();
    }

    @Test
    void writesNothingForWordThatIsKnown() {
        // Given
        var said = said(1, Verdict.TRUE, "InForce");
        var told = policy.at(8, DistributedCondition.after(said, policy, LATER).orElseThrow());
        // When / Then
        assertThat(DistributedCondition.after(said, told, MUCH_LATER)).isEmpty();
    }

    private DistributionStatus said(long generation, Verdict verdict, String reason) {
        return new DistributionStatus(
                policy.key(),
                policy.uid().toString(),
                generation,
                "topic",
                5,
                verdict,
                reason,
                "on 3 nodes",
                3,
                3,
                List.of());
    }
}
