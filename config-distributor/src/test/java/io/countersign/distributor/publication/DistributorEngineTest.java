package io.countersign.distributor.publication;

import static io.countersign.distributor.MeshRecords.ENTRY;
import static io.countersign.distributor.MeshRecords.NODE;
import static io.countersign.distributor.MeshRecords.POLICY;
import static io.countersign.distributor.MeshRecords.SERVICE;
import static io.countersign.distributor.MeshRecords.SERVICE_RESOURCE;
import static io.countersign.distributor.MeshRecords.WORKLOAD;
import static io.countersign.distributor.MeshRecords.deleted;
import static io.countersign.distributor.MeshRecords.other;
import static io.countersign.distributor.MeshRecords.rejecting;
import static io.countersign.distributor.MeshRecords.report;
import static io.countersign.distributor.MeshRecords.reported;
import static io.countersign.distributor.MeshRecords.trust;
import static io.countersign.distributor.MeshRecords.unreadable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.distributor.MeshRecords;
import io.countersign.distributor.projection.OrderDoubtful;
import io.countersign.events.TopicCatalogue;
import io.countersign.follower.FollowedRecord;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.distribution.DistributionStatus.Verdict;
import io.countersign.mesh.resource.MtlsMode;
import org.junit.jupiter.api.Test;

class DistributorEngineTest extends EngineHistory {
    @Test
    void publishesWhatWasReadOnceAllIsRead() {
        // Given
        fold(trust(), records.mesh(), records.service(), records.workload());
        step();
        assertThat(bus.transactions).isZero();

        // When
        caughtUp();

        // Then
        assertThat(bus.config).containsOnlyKeys(SERVICE, WORKLOAD, ConfigKey.MESH);
        assertThat(bus.transactions).isEqualTo(1);
    }

    @Test
    void publishesNothingWithoutAMeshRecordAndAllOfItWhenItComes() {
        // Given
        fold(records.service(), records.workload());
        caughtUp();
        assertThat(bus.transactions).isZero();
        assertThat(engine.whyNotPublishing()).get().asString().contains("mesh");

        // When
        then(records.mesh());

        // Then
        assertThat(bus.config).containsOnlyKeys(SERVICE, WORKLOAD, ConfigKey.MESH);
        assertThat(engine.whyNotPublishing()).isEmpty();
    }

    @Test
    void publishesOnlyWhatChanged() {
        // Given
        running();
        int before = bus.configWrites;

        // When
        then(records.policy(1, MtlsMode.STRICT));

        // Then
        assertThat(bus.configWrites).isEqualTo(before + 1);
        assertThat(workload().mode(8000)).isEqualTo(PortMode.STRICT);
    }

    @Test
    void publishesNothingForTheSameAgain() {
        // Given
        running();
        var policy = records.policy(1, MtlsMode.STRICT);
        then(policy);
        int before = bus.transactions;

        // When
        then(policy);

        // Then
        assertThat(bus.transactions).isEqualTo(before);
    }

    @Test
    void withdrawsWhatIsGone() {
        // Given
        running();

        // When
        then(deleted(ENTRY));

        // Then
        assertThat(bus.config).containsOnlyKeys(SERVICE, ConfigKey.MESH);
        assertThat(bus.statuses).doesNotContainKey(ENTRY);
    }

    @Test
    void goesOnAfterARestartWithoutPublishingAgain() {
        // Given
        running();
        then(records.policy(1, MtlsMode.STRICT));
        then(reported(report(TOPIC_ID, bus.end)));
        now = now.plus(PROGRESS);
        step();
        var history = new MeshRecords();
        int before = bus.transactions;

        // When
        engine = new DistributorEngine(PROGRESS, TRANSITION_MAX);
        fold(trust(), history.mesh(), history.service(), history.workload(), history.policy(1, MtlsMode.STRICT));
        fold(reported(report(TOPIC_ID, bus.end)));
        bus.ownRecords().forEach(engine::fold);
        caughtUp();

        // Then
        assertThat(bus.transactions).isEqualTo(before);
        assertThat(bus.status(POLICY).isInForce()).isTrue();
    }

    @Test
    void takesBackAfterARestartWhatWasDeletedMeanwhile() {
        // Given
        running();
        var history = new MeshRecords();

        // When
        engine = new DistributorEngine(PROGRESS, TRANSITION_MAX);
        fold(trust(), history.mesh(), history.service());
        bus.ownRecords().forEach(engine::fold);
        caughtUp();

        // Then
        assertThat(bus.config).containsOnlyKeys(SERVICE, ConfigKey.MESH);
        assertThat(bus.statuses).containsOnlyKeys(SERVICE_RESOURCE);
    }

    @Test
    void isNotDistributedWhileNoNodeIsThere() {
        // Given
        running();

        // When
        then(records.policy(1, MtlsMode.STRICT));

        // Then
        assertThat(bus.status(POLICY).verdict()).isEqualTo(Verdict.FALSE);
        assertThat(bus.status(POLICY).reason()).isEqualTo("NoNodes");
    }

    @Test
    void isDistributedOnceEveryNodeHasReachedTheTarget() {
        // Given
        meshed();
        then(records.policy(1, MtlsMode.STRICT));
        long target = bus.end - 1;
        then(reported(report("another-topic", target)), reported(report(TOPIC_ID, target - 1)));
        assertThat(bus.statuses).doesNotContainKey(POLICY);

        // When
        then(reported(report(TOPIC_ID, target)));

        // Then
        assertThat(bus.status(POLICY).isInForce()).isTrue();
        assertThat(bus.status(POLICY).generation()).isEqualTo(1);
        assertThat(bus.status(POLICY).position()).isEqualTo(target);
    }

    @Test
    void tellsWhoIsBehindAfterAWhile() {
        // Given
        meshed();
        then(records.policy(1, MtlsMode.STRICT));
        assertThat(bus.statuses).doesNotContainKey(POLICY);

        // When
        now = now.plus(PROGRESS);
        step();

        // Then
        assertThat(bus.status(POLICY).reason()).isEqualTo("NodesBehind");
        assertThat(bus.status(POLICY).behind()).containsExactly(NODE.value());
    }

    @Test
    void waitsNoLongerForANodeThatSaysThatItIsGone() {
        // Given
        meshed();
        then(reported(other(TOPIC_ID, now.plusSeconds(3600))));
        then(records.policy(1, MtlsMode.STRICT));
        then(reported(report(TOPIC_ID, bus.end)));
        for (var seconds = 0; seconds < 2; seconds++) {
            now = now.plus(PROGRESS);
            step();
        }
        assertThat(bus.status(POLICY).behind()).containsExactly("sleep.full");

        // When
        then(reported(other(TOPIC_ID, now.minusMillis(1))));
        then(reported(report(TOPIC_ID, bus.end)));

        // Then
        assertThat(bus.status(POLICY).isInForce()).isTrue();
        assertThat(workload().proxy()).isEqualTo(ProxyPresence.PRESENT);
    }

    @Test
    void staysDistributedWhenANodeFallsBack() {
        // Given
        inForce();

        // When
        then(reported(report(TOPIC_ID, 0)));
        now = now.plus(PROGRESS);
        step();

        // Then
        assertThat(bus.status(POLICY).isInForce()).isTrue();
    }

    @Test
    void isNotDistributedAnyMoreOnceANodeRejects() {
        // Given
        inForce();

        // When
        then(reported(rejecting(report(TOPIC_ID, bus.end), WORKLOAD, "KEY_MISMATCH")));

        // Then
        assertThat(bus.status(POLICY).verdict()).isEqualTo(Verdict.FALSE);
        assertThat(bus.status(POLICY).reason()).isEqualTo("Rejected");
        assertThat(bus.status(POLICY).message()).contains("KEY_MISMATCH", NODE.value());
    }

    @Test
    void isDistributedAgainOnceTheRejectionHasHealed() {
        // Given
        inForce();
        then(reported(rejecting(report(TOPIC_ID, bus.end), WORKLOAD, "KEY_MISMATCH")));

        // When
        then(reported(report(TOPIC_ID, bus.end)));

        // Then
        assertThat(bus.status(POLICY).isInForce()).isTrue();
    }

    @Test
    void judgesAGenerationThatChangedNothingByTheEndOfTheTopic() {
        // Given
        inForce();
        int before = bus.configWrites;

        // When
        then(records.policy(2, MtlsMode.STRICT));

        // Then
        assertThat(bus.configWrites).isEqualTo(before);
        assertThat(bus.status(POLICY).generation()).isEqualTo(2);
        assertThat(bus.status(POLICY).isInForce()).isTrue();
    }

    @Test
    void offersAWorkloadOnceItsProxyHasReported() {
        // Given
        running();
        assertThat(workload().proxy()).isEqualTo(ProxyPresence.DECLARED);

        // When
        then(reported(report(TOPIC_ID, 0)));

        // Then
        assertThat(workload().proxy()).isEqualTo(ProxyPresence.PRESENT);
    }

    @Test
    void keepsTheLastGoodValueOfARecordThatCannotBeRead() {
        // Given
        inForce();
        int before = bus.transactions;

        // When
        then(unreadable(POLICY));

        // Then
        assertThat(bus.transactions).isEqualTo(before);
        assertThat(workload().mode(8000)).isEqualTo(PortMode.STRICT);
        assertThat(engine.rejected().count()).isEqualTo(1);
        assertThat(engine.rejected().takeFresh())
                .singleElement()
                .satisfies(rejection -> assertThat(rejection.key()).isEqualTo(POLICY.toString()));
    }

    @Test
    void healsWithTheNextReadableRecord() {
        // Given
        inForce();
        then(unreadable(POLICY));

        // When
        then(records.policy(2, MtlsMode.PERMISSIVE));

        // Then
        assertThat(workload().mode(8000)).isEqualTo(PortMode.PERMISSIVE);
        assertThat(engine.rejected().count()).isZero();
    }

    @Test
    void doesNotTakeAPolicyForAbsentThatCannotBeReadAfterARestart() {
        // Given
        inForce();
        var history = new MeshRecords();

        // When
        engine = new DistributorEngine(PROGRESS, TRANSITION_MAX);
        fold(trust(), history.mesh(), history.service(), history.workload(), unreadable(POLICY));
        bus.ownRecords().forEach(engine::fold);
        caughtUp();

        // Then
        assertThat(workload().mode(8000)).isEqualTo(PortMode.STRICT);
        assertThat(bus.status(POLICY).isInForce()).isTrue();

        // When
        then(deleted(POLICY));

        // Then
        assertThat(workload().mode(8000)).isEqualTo(PortMode.PERMISSIVE);
    }

    @Test
    void stopsWhenASequenceGoesBackwards() {
        // Given
        running();
        records.from(1);

        // Then
        assertThatThrownBy(() -> then(records.policy(1, MtlsMode.STRICT)))
                .isInstanceOf(OrderDoubtful.class)
                .hasMessage("resources sequence: 1 (expected: > 2)");
        assertThat(workload().mode(8000)).isEqualTo(PortMode.PERMISSIVE);
    }

    @Test
    void publishesNothingFromTopicsThatEndOutOfOrder() {
        // Given
        fold(trust(), records.mesh(), records.service(), records.workload());
        fold(records.from(1).policy(1, MtlsMode.STRICT));

        // Then
        assertThatThrownBy(this::caughtUp).isInstanceOf(OrderDoubtful.class);
        assertThat(bus.transactions).isZero();
    }

    @Test
    void foldsABatchThatIsSentTwiceOnlyOnce() {
        // Given
        running();
        var first = records.policy(1, MtlsMode.STRICT);
        var second = records.policy(2, MtlsMode.PERMISSIVE);
        then(first, second);
        int before = bus.transactions;

        // When
        then(first, second);

        // Then
        assertThat(bus.transactions).isEqualTo(before);
        assertThat(workload().mode(8000)).isEqualTo(PortMode.PERMISSIVE);
    }

    @Test
    void stopsForAnotherMesh() {
        // Given
        running();

        // Then
        assertThatThrownBy(() -> then(records.mesh("mesh-2")))
                .isInstanceOf(OrderDoubtful.class)
                .hasMessage("mesh id: mesh-2 (expected: mesh-1)");
    }

    @Test
    void stopsForAKeyThatIsNone() {
        assertThatThrownBy(() -> fold(new FollowedRecord(TopicCatalogue.RESOURCES.name(), "nonsense", null, 7)))
                .isInstanceOf(OrderDoubtful.class)
                .hasMessageContaining("countersign.resources@7");
    }
}
