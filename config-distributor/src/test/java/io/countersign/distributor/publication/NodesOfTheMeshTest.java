package io.countersign.distributor.publication;

import static io.countersign.distributor.MeshRecords.ENTRY;
import static io.countersign.distributor.MeshRecords.NODE;
import static io.countersign.distributor.MeshRecords.NOW;
import static io.countersign.distributor.MeshRecords.POLICY;
import static io.countersign.distributor.MeshRecords.WORKLOAD;
import static io.countersign.distributor.MeshRecords.deleted;
import static io.countersign.distributor.MeshRecords.leaving;
import static io.countersign.distributor.MeshRecords.nodes;
import static io.countersign.distributor.MeshRecords.numbered;
import static io.countersign.distributor.MeshRecords.other;
import static io.countersign.distributor.MeshRecords.rejecting;
import static io.countersign.distributor.MeshRecords.report;
import static io.countersign.distributor.MeshRecords.reported;
import static io.countersign.distributor.MeshRecords.trust;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.distributor.MeshRecords;
import io.countersign.events.TopicCatalogue;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.testing.TestAuthority;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// What the engine makes of what stands on the nodes' topic: by nodes, by others under their names, and lost.
class NodesOfTheMeshTest extends EngineHistory {
    @Test
    void isNotStoppedByWhatANodeWrites() {
        // Given
        running();

        // When
        then(nodes("No Node!", new byte[0]));

        // Then
        assertThat(engine.rejected().count()).isEqualTo(1);
        assertThat(engine.whyNotPublishing()).isEmpty();
    }

    @Test
    void believesNobodyElseThatANodeIsGone() {
        // Given a node that is behind
        running();
        var behind = numbered(report(TOPIC_ID, 0), 2);
        then(reported(behind));
        var goodbye = numbered(leaving(report(TOPIC_ID, 0), NOW.minusSeconds(60)), 1);
        then(records.policy(1, MtlsMode.STRICT));

        // When
        then(nodes(NODE.value(), null));
        then(reported(goodbye));
        then(reported(behind), reported(goodbye), nodes(NODE.value(), null));
        for (var seconds = 0; seconds < 2; seconds++) {
            now = now.plus(PROGRESS);
            step();
        }

        // Then
        assertThat(bus.forgotten).isEmpty();
        assertThat(engine.snapshot().state().reports().get(NODE)).isEqualTo(behind);
        assertThat(bus.status(POLICY).isInForce()).isFalse();

        // When
        then(reported(numbered(goodbye, 3)));

        // Then
        assertThat(engine.snapshot().state().reports().get(NODE).certificateExpiry())
                .isBefore(NOW);
    }

    @Test
    void findsANodesLastReportBehindManyOlderOnesOfItsOwn() {
        // Given
        running();
        var goodbye = reported(numbered(leaving(report(TOPIC_ID, 0), NOW.minusSeconds(60)), 1));
        var back = numbered(report(TOPIC_ID, bus.end), 2);

        // When
        then(reported(back), goodbye, goodbye, goodbye, goodbye, goodbye);

        // Then
        assertThat(engine.snapshot().state().reports().get(NODE)).isEqualTo(back);
    }

    @Test
    void forgetsAfterARestartWhatWasForgottenBefore() {
        // Given
        running();
        then(reported(report(TOPIC_ID, 0)));
        then(deleted(ENTRY));
        var history = new MeshRecords();

        // When
        engine = new DistributorEngine(PROGRESS, TRANSITION_MAX);
        fold(trust(), history.mesh(), history.service(), history.workload(), deleted(ENTRY));
        fold(reported(report(TOPIC_ID, 0)), nodes(NODE.value(), null));
        caughtUp();

        // Then
        assertThat(engine.snapshot().state().reports()).isEmpty();
    }

    @Test
    void keepsLittleOfWhatNobodysReportsSay() {
        // Given
        running();
        var large = new byte[900 * 1024];
        Arrays.fill(large, (byte) '{');

        // When
        for (var i = 0; i < 20_000; i++) {
            fold(
                    nodes("made-up-" + i, i < 150 ? large : new byte[] {'?'}),
                    nodes("y".repeat(i % 1_000) + i, new byte[0]));
            engine.rejectKey(TopicCatalogue.NODES.name(), i);
        }
        then(reported(report(TOPIC_ID, 0)));

        // Then
        assertThat(engine.rejected().count()).isLessThanOrEqualTo(10_000);
        assertThat(engine.rejected().takeFresh())
                .hasSizeLessThanOrEqualTo(1_000)
                .allSatisfy(rejection -> assertThat(rejection.key()).hasSizeLessThanOrEqualTo(600));
        assertThat(workload().proxy()).isEqualTo(ProxyPresence.PRESENT);
    }

    @Test
    void callsNothingInForceBeforeEveryNodeKnownFromBeforeHasReported() {
        // Given
        meshed();
        then(reported(other(TOPIC_ID, now.plusSeconds(3600))));
        var before = engine.snapshot();
        var history = new MeshRecords();

        // When
        engine = new DistributorEngine(PROGRESS, TRANSITION_MAX);
        engine.remember(before);
        readAnew(history);
        askForStrict(history);

        // Then
        assertThat(bus.status(POLICY).isInForce()).isFalse();
        assertThat(bus.status(POLICY).behind()).containsExactly("sleep.full");

        // When
        then(reported(other(TOPIC_ID, now.minusMillis(1))));
        then(reported(report(TOPIC_ID, bus.end)));

        // Then
        assertThat(bus.status(POLICY).isInForce()).isTrue();
    }

    private void readAnew(MeshRecords history) {
        fold(trust(), history.mesh(), history.service(), history.workload());
        bus.ownRecords().forEach(engine::fold);
        caughtUp();
    }

    /// One node takes the change up; the other one, if it is known, is waited for.
    private void askForStrict(MeshRecords history) {
        then(history.policy(1, MtlsMode.STRICT));
        then(reported(report(TOPIC_ID, bus.end)));
        for (var seconds = 0; seconds < 2; seconds++) {
            now = now.plus(PROGRESS);
            step();
        }
    }

    /// The nodes' topic is lost, and no process remembers what it held.
    @Test
    void callsNothingInForceBeforeEveryNodeOfItsOwnTopicHasReported() {
        // Given
        meshed();
        then(reported(other(TOPIC_ID, now.plusSeconds(3600))));
        var history = new MeshRecords();

        // When
        engine = new DistributorEngine(PROGRESS, TRANSITION_MAX);
        readAnew(history);
        askForStrict(history);

        // Then
        assertThat(bus.status(POLICY).isInForce()).isFalse();
        assertThat(bus.status(POLICY).behind()).containsExactly("sleep.full");

        // When
        then(reported(other(TOPIC_ID, now.minusMillis(1))));
        then(reported(report(TOPIC_ID, bus.end)));

        // Then
        assertThat(bus.status(POLICY).isInForce()).isTrue();

        // When: it said goodbye, so that the next one does not wait for it
        engine = new DistributorEngine(PROGRESS, TRANSITION_MAX);
        var next = new MeshRecords();
        readAnew(next);
        then(next.policy(2, MtlsMode.PERMISSIVE));
        then(reported(report(TOPIC_ID, bus.end)));
        then(reported(report(TOPIC_ID, bus.end)));

        // Then
        assertThat(bus.status(POLICY).isInForce()).isTrue();
    }

    @Test
    void writesThatANodeIsThereWhenThatChangesAndNotWithEveryReport() {
        // Given
        meshed();
        assertThat(bus.known).containsOnlyKeys(NODE);
        var before = bus.transactions;

        // When
        then(reported(report(TOPIC_ID, bus.end)));

        // Then
        assertThat(bus.transactions).isEqualTo(before);
    }

    @Test
    void takesNoStepThatAProxyWhoseReportsAreLostHasNotConfirmed() {
        // Given
        meshed();
        var history = new MeshRecords();
        engine = new DistributorEngine(PROGRESS, TRANSITION_MAX);
        fold(trust(), history.mesh(), history.service(), history.workload());
        bus.known.clear();
        bus.ownRecords().forEach(engine::fold);
        caughtUp();

        // When
        then(history.policy(1, MtlsMode.STRICT));
        step();
        step();

        // Then
        assertThat(workload().mode(8000)).isNotEqualTo(PortMode.STRICT);

        // When
        now = now.plus(TRANSITION_MAX);
        step();
        now = now.plus(TRANSITION_MAX);
        step();

        // Then
        assertThat(workload().mode(8000)).isEqualTo(PortMode.STRICT);
    }

    @Test
    void forgetsANodeWhoseWorkloadWasWithdrawn() {
        // Given
        running();
        then(reported(report(TOPIC_ID, 0)));
        assertThat(bus.forgotten).isEmpty();

        // When
        then(deleted(ENTRY));

        // Then
        assertThat(bus.forgotten).containsExactly(NODE);
        assertThat(bus.known).isEmpty();
    }

    @Test
    void keepsANodeWhoseWorkloadIsNotThereYet() {
        // Given
        fold(trust(), records.mesh(), records.service());
        caughtUp();

        // When
        then(reported(report(TOPIC_ID, 0)));

        // Then
        assertThat(bus.forgotten).isEmpty();
    }

    @Test
    void ignoresAReportThatIsNotTheNodesOwn() {
        // Given
        inForce();
        var forged = rejecting(report(TOPIC_ID, 0), WORKLOAD, "forged");

        // When
        then(reported(forged, TestAuthority.seeded(2)), nodes(NODE.value(), new byte[] {'?'}));

        // Then
        assertThat(bus.status(POLICY).isInForce()).isTrue();
        assertThat(engine.rejected().count()).isEqualTo(1);
    }

    @Test
    void isNotKeptFromTheNodesReportByAForgedOne() {
        // Given
        running();

        // When
        then(reported(report(TOPIC_ID, 0)), reported(report(TOPIC_ID, 1), TestAuthority.seeded(2)));

        // Then
        assertThat(workload().proxy()).isEqualTo(ProxyPresence.PRESENT);
    }

    @Test
    void keepsAProxyThatWasSeenThoughItsReportsAndItsTrustAreLost() {
        // Given
        running();
        then(reported(report(TOPIC_ID, 0)));
        var history = new MeshRecords();

        // When
        engine = new DistributorEngine(PROGRESS, TRANSITION_MAX);
        fold(history.mesh(), history.service(), history.workload());
        bus.known.clear();
        bus.ownRecords().forEach(engine::fold);
        caughtUp();

        // Then
        assertThat(workload().proxy()).isEqualTo(ProxyPresence.PRESENT);

        // When
        then(history.workload());

        // Then
        assertThat(workload().proxy()).isEqualTo(ProxyPresence.DECLARED);
    }

    @Test
    void acceptsAReportOnceItsAuthorityIsTrusted() {
        // Given
        running();
        var next = TestAuthority.seeded(2);
        then(reported(report(TOPIC_ID, 0), next));
        assertThat(workload().proxy()).isEqualTo(ProxyPresence.DECLARED);

        // When
        then(trust(2, next));

        // Then
        assertThat(workload().proxy()).isEqualTo(ProxyPresence.PRESENT);
        assertThat(engine.rejected().count()).isZero();
    }
}
