package io.countersign.distributor.publication;

import static io.countersign.distributor.MeshRecords.NOW;
import static io.countersign.distributor.MeshRecords.POLICY;
import static io.countersign.distributor.MeshRecords.WORKLOAD;
import static io.countersign.distributor.MeshRecords.report;
import static io.countersign.distributor.MeshRecords.reported;
import static io.countersign.distributor.MeshRecords.trust;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.distributor.MeshRecords;
import io.countersign.distributor.distribution.ConfigPosition;
import io.countersign.follower.FollowedRecord;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.resource.MtlsMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/// An engine and what it reads and publishes, for tests of what it makes of a history.
class EngineHistory {
    static final String TOPIC_ID = "config-1";
    static final Duration PROGRESS = Duration.ofSeconds(1);

    static final Duration TRANSITION_MAX = Duration.ofSeconds(30);

    final MeshRecords records = new MeshRecords();
    final RecordingPublisher bus = new RecordingPublisher();
    DistributorEngine engine = new DistributorEngine(PROGRESS, TRANSITION_MAX);
    Instant now = NOW;

    final void running() {
        fold(trust(), records.mesh(), records.service(), records.workload());
        caughtUp();
    }

    /// A node serves the workload, and has confirmed that the clients know of it.
    final void meshed() {
        running();
        then(reported(report(TOPIC_ID, bus.end)));
        then(reported(report(TOPIC_ID, bus.end)));
    }

    final void inForce() {
        meshed();
        then(records.policy(1, MtlsMode.STRICT));
        then(reported(report(TOPIC_ID, bus.end)));
        assertThat(bus.status(POLICY).isInForce()).isTrue();
    }

    final void then(FollowedRecord... next) {
        fold(next);
        step();
    }

    final void fold(FollowedRecord... next) {
        Arrays.stream(next).forEach(engine::fold);
    }

    final void caughtUp() {
        engine.caughtUp(new ConfigPosition(TOPIC_ID, bus.end));
        step();
    }

    final void step() {
        engine.step(now, bus);
    }

    final WorkloadConfig workload() {
        return (WorkloadConfig) bus.config.get(WORKLOAD);
    }
}
