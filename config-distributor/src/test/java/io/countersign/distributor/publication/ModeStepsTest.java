package io.countersign.distributor.publication;

import static io.countersign.distributor.MeshRecords.NODE;
import static io.countersign.distributor.MeshRecords.POLICY;
import static io.countersign.distributor.MeshRecords.report;
import static io.countersign.distributor.MeshRecords.reported;
import static io.countersign.distributor.MeshRecords.trust;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.distributor.MeshRecords;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.resource.MtlsMode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A mode that changes step by step, as the one node confirms each.
class ModeStepsTest extends EngineHistory {
    @Test
    void walksFromPlaintextToMutualTlsAsTheNodesConfirm() {
        // Given
        meshed();
        then(records.policy(1, MtlsMode.DISABLE));
        confirmedSteps();
        assertThat(workload().mode(8000)).isEqualTo(PortMode.DISABLE);

        // When
        then(records.policy(2, MtlsMode.STRICT));

        // Then
        assertThat(confirmedSteps()).containsExactly(PortMode.OPEN, PortMode.PERMISSIVE, PortMode.STRICT);
        assertThat(bus.status(POLICY).isInForce()).isTrue();
    }

    @Test
    void aSilentNodeDelaysAStepByTheLongestTimeAndIsNamed() {
        // Given
        meshed();
        then(records.policy(1, MtlsMode.DISABLE));
        assertThat(workload().mode(8000)).isEqualTo(PortMode.OPEN);

        // When
        now = now.plus(PROGRESS);
        step();
        now = now.plus(PROGRESS);
        step();

        // Then
        assertThat(bus.status(POLICY).reason()).isEqualTo("ChangingMode");
        assertThat(bus.status(POLICY).behind()).containsExactly(NODE.value());

        // When
        now = now.plus(TRANSITION_MAX);
        step();

        // Then
        assertThat(workload().mode(8000)).isEqualTo(PortMode.DISABLE);
    }

    @Test
    void goesOnAfterARestartWhereTheLastOneStopped() {
        // Given
        meshed();
        var policy = records.policy(1, MtlsMode.DISABLE);
        then(policy);
        var history = new MeshRecords();

        // When
        engine = new DistributorEngine(PROGRESS, TRANSITION_MAX);
        fold(trust(), history.mesh(), history.service(), history.workload(), policy);
        bus.ownRecords().forEach(engine::fold);
        fold(reported(report(TOPIC_ID, 0)));
        caughtUp();

        // Then
        assertThat(workload().mode(8000)).isEqualTo(PortMode.OPEN);
        assertThat(confirmedSteps()).containsExactly(PortMode.OPEN, PortMode.DISABLE);
    }

    /// A node serves the workload, and has confirmed that the clients know of it.
    /// The modes that are published while the node confirms each.
    private List<PortMode> confirmedSteps() {
        var modes = new ArrayList<PortMode>();
        for (int confirmations = 0; confirmations < 5; confirmations++) {
            if (modes.isEmpty() || modes.getLast() != workload().mode(8000)) {
                modes.add(workload().mode(8000));
            }
            then(reported(report(TOPIC_ID, bus.end)));
        }
        return modes;
    }
}
