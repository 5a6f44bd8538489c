package io.countersign.distributor.publication;

import static io.countersign.distributor.MeshRecords.NODE;
import static io.countersign.distributor.MeshRecords.NOW;
import static io.countersign.distributor.MeshRecords.POLICY;
import static io.countersign.distributor.MeshRecords.nodes;
import static io.countersign.distributor.MeshRecords.report;
import static io.countersign.distributor.MeshRecords.reported;
import static io.countersign.distributor.MeshRecords.trust;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.distributor.MeshRecords;
import io.countersign.distributor.distribution.ConfigPosition;
import io.countersign.follower.FollowedRecord;
import io.countersign.mesh.distribution.DistributionStatus;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.resource.MtlsMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Reports under made-up ids, more of them than are kept, behind a node's own last one.
class MadeUpReportsTest {
    private static final Duration PROGRESS = Duration.ofSeconds(1);
    private static final Duration TRANSITION_MAX = Duration.ofSeconds(30);

    private static final String TOPIC_ID = "a-topic";

    /// Twice as much as is kept of what waits, each below the size of a report.
    private static final int MADE_UP = 70;

    /// So many come at once from the bus.
    private static final int POLLED = 2_000;

    private final MeshRecords records = new MeshRecords();
    private final RecordingPublisher bus = new RecordingPublisher();
    private final DistributorEngine engine = new DistributorEngine(PROGRESS, TRANSITION_MAX);

    @Test
    void doNotHideANodeThatIsBehindFromADistributorThatStarts() {
        // Given
        fold(trust(), records.mesh(), records.service(), records.workload());
        fold(reported(report(TOPIC_ID, 0)));
        madeUp();

        // When
        callStrictInForceButForTheNode();

        // Then
        assertThat(bus.status(POLICY)).returns(false, DistributionStatus::isInForce);
        assertThat(bus.status(POLICY).behind()).containsExactly(NODE.value());
    }

    @Test
    void doNotHideItBeforeTheTrustIsReadEither() {
        // Given
        fold(reported(report(TOPIC_ID, 0)));
        madeUp();
        fold(records.mesh(), records.service(), records.workload(), trust());

        // When
        callStrictInForceButForTheNode();

        // Then
        assertThat(bus.status(POLICY)).returns(false, DistributionStatus::isInForce);
        assertThat(bus.status(POLICY).behind()).containsExactly(NODE.value());
    }

    @Test
    void doNotHideItBySmallOnesEither() {
        // Given
        fold(trust(), records.mesh(), records.service(), records.workload());
        fold(reported(report(TOPIC_ID, 0)));

        // When
        for (int i = 0; i < 20 * POLLED; i++) {
            fold(nodes("made-up-" + i, new byte[1024]));
            if (i % POLLED == 0) {
                engine.step(NOW, bus);
            }
        }
        callStrictInForceButForTheNode();

        // Then
        assertThat(bus.status(POLICY)).returns(false, DistributionStatus::isInForce);
        assertThat(bus.status(POLICY).behind()).containsExactly(NODE.value());
    }

    private void madeUp() {
        var value = new byte[250 * 1024];
        Arrays.fill(value, (byte) '{');
        for (int i = 0; i < MADE_UP; i++) {
            fold(nodes("made-up-" + i, value));
        }
    }

    private void callStrictInForceButForTheNode() {
        engine.caughtUp(new ConfigPosition(TOPIC_ID, bus.end));
        engine.step(NOW, bus);
        fold(records.policy(1, MtlsMode.STRICT));
        engine.step(NOW, bus);
        for (int i = 1; i <= 4; i++) {
            fold(reported(upToDate()));
            engine.step(NOW.plus(PROGRESS.multipliedBy(i)), bus);
        }
    }

    /// Another node, which has read everything.
    private NodeReport upToDate() {
        return new NodeReport(
                new NodeId("sleep.full"),
                report(TOPIC_ID, 0).identity(),
                new TreeMap<>(),
                TOPIC_ID,
                bus.end,
                1,
                new TreeMap<>(),
                "",
                NOW.plusSeconds(3600));
    }

    private void fold(FollowedRecord... next) {
        Arrays.stream(next).forEach(engine::fold);
    }
}
