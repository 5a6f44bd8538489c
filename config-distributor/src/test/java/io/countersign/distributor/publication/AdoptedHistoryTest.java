package io.countersign.distributor.publication;

import static io.countersign.distributor.MeshRecords.POLICY;
import static io.countersign.distributor.MeshRecords.deleted;
import static io.countersign.distributor.MeshRecords.report;
import static io.countersign.distributor.MeshRecords.reported;
import static io.countersign.distributor.MeshRecords.trust;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.distributor.MeshRecords;
import io.countersign.distributor.projection.OrderDoubtful;
import io.countersign.follower.FollowedRecord;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.distribution.DistributionStatus;
import io.countersign.mesh.resource.MtlsMode;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A database that was restored, and that an administrator has decided for.
class AdoptedHistoryTest extends EngineHistory {
    private static final String FIRST = "history-1";
    private static final String ADOPTED = "history-2";

    @Test
    void readsAllAnewWhenAnotherHistoryBegins() {
        // Given
        fold(trust());
        fold(of(FIRST, records.mesh(), records.service(), records.workload(), records.policy(1, MtlsMode.STRICT)));
        caughtUp();
        var writes = bus.configWrites;

        // When / Then
        assertThatThrownBy(() -> then(of(ADOPTED, records.mesh()))).isInstanceOf(HistoryChanged.class);
        assertThat(bus.configWrites).isEqualTo(writes);
    }

    @Test
    void publishesWhatWasAdoptedAndNothingThatWasLost() {
        // Given
        fold(trust());
        fold(of(FIRST, records.mesh(), records.service(), records.workload(), records.policy(1, MtlsMode.STRICT)));
        fold(of(ADOPTED, records.mesh(), records.service(), records.workload(), deleted(POLICY)));

        // When
        caughtUp();

        // Then
        assertThat(workload().mode(8000)).isEqualTo(PortMode.PERMISSIVE);
        assertThat(bus.statuses).doesNotContainKey(POLICY);
    }

    /// Somebody has written who must not: a restored database that nobody has decided for.
    @Test
    void publishesNothingOfTwoHistoriesThatWereNotAdopted() {
        // Given
        fold(trust());
        fold(of(FIRST, records.mesh(), records.service(), records.workload(), records.policy(1, MtlsMode.STRICT)));
        fold(of(ADOPTED, records.mesh(), records.policy(2, MtlsMode.PERMISSIVE)));

        // Then
        assertThatThrownBy(this::caughtUp)
                .isInstanceOf(OrderDoubtful.class)
                .hasMessageContaining("(expected: history-2, which was adopted)");
        assertThat(bus.transactions).isZero();
    }

    /// What an older version wrote says of no history, and is as good as it was.
    @Test
    void foldsRecordsFromBeforeThereWereHistories() {
        // Given
        fold(trust(), records.mesh(), records.service(), records.workload());
        fold(of(FIRST, records.policy(1, MtlsMode.STRICT)));

        // When
        caughtUp();

        // Then
        assertThat(bus.config).isNotEmpty();
    }

    /// The lost history's second generation was in force; the adopted one's is another.
    @Test
    void believesNoStatusOfALostHistoryForTheSameGeneration() {
        // Given
        fold(trust());
        fold(of(FIRST, records.mesh(), records.service(), records.workload(), records.policy(1, MtlsMode.STRICT)));
        caughtUp();
        then(reported(report(TOPIC_ID, bus.end)));
        now = now.plus(PROGRESS);
        then(reported(report(TOPIC_ID, bus.end)));
        assertThat(bus.status(POLICY)).returns(true, DistributionStatus::isInForce);

        // When
        var lost = new MeshRecords();
        engine = new DistributorEngine(PROGRESS, TRANSITION_MAX);
        fold(trust());
        fold(of(FIRST, lost.mesh(), lost.service(), lost.workload(), lost.policy(1, MtlsMode.STRICT)));
        fold(of(ADOPTED, lost.mesh(), lost.service(), lost.workload(), lost.policy(1, MtlsMode.PERMISSIVE)));
        bus.ownRecords().forEach(engine::fold);
        fold(reported(report(TOPIC_ID, 0)));
        caughtUp();
        now = now.plus(PROGRESS);
        step();

        // Then
        assertThat(bus.status(POLICY)).returns(false, DistributionStatus::isInForce);
    }

    /// The database of the first mesh was lost, and the one that was adopted has founded another.
    @Test
    void takesAnotherMeshThatWasAdopted() {
        // Given
        fold(trust());
        fold(of(FIRST, records.mesh("mesh-1"), records.service()));
        fold(of(ADOPTED, records.mesh("mesh-2"), records.service(), records.workload()));

        // When
        caughtUp();

        // Then
        assertThat(bus.config).isNotEmpty();
    }

    private static FollowedRecord[] of(String history, FollowedRecord... records) {
        return Arrays.stream(records)
                .map(each ->
                        new FollowedRecord(each.topic(), each.key(), each.value(), each.offset(), Optional.of(history)))
                .toArray(FollowedRecord[]::new);
    }
}
