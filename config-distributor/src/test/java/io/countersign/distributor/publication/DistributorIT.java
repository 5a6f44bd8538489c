package io.countersign.distributor.publication;

import static io.countersign.distributor.MeshRecords.POLICY;
import static io.countersign.distributor.MeshRecords.SERVICE;
import static io.countersign.distributor.MeshRecords.WORKLOAD;
import static io.countersign.distributor.MeshRecords.other;
import static io.countersign.distributor.MeshRecords.rejecting;
import static io.countersign.distributor.MeshRecords.report;
import static io.countersign.distributor.MeshRecords.reported;
import static io.countersign.distributor.MeshRecords.trust;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.EmbeddedBroker;
import io.countersign.distributor.MeshRecords;
import io.countersign.distributor.TestBus;
import io.countersign.distributor.publication.Standing.Halted;
import io.countersign.distributor.publication.Standing.Publishing;
import io.countersign.distributor.publication.Standing.Standby;
import io.countersign.distributor.publication.Standing.Waiting;
import io.countersign.events.TopicCatalogue;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.resource.MtlsMode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributorIT {
    private static final PublicationSettings SETTINGS = new PublicationSettings(
            Duration.ofMillis(300), Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofSeconds(1));

    @TempDir
    private Path directory;

    private final MeshRecords records = new MeshRecords();
    private final AtomicBoolean unusable = new AtomicBoolean();
    private final List<Distributor> started = new ArrayList<>();
    private EmbeddedBroker broker;
    private TestBus bus;

    @BeforeEach
    void startBus() {
        broker = EmbeddedBroker.start(BrokerSettings.open(directory));
        bus = new TestBus(broker.administratorProperties());
    }

    @AfterEach
    void stop() {
        started.forEach(Distributor::close);
        bus.close();
        broker.close();
    }

    @Test
    void publishesWhatResourcesAskForAndNothingForTheSameAgain() {
        // Given
        bus.write(trust(), records.mesh(), records.service(), records.workload());
        publishing();
        await().untilAsserted(() -> assertThat(bus.configWrites())
                .containsExactly(WORKLOAD.toString(), SERVICE.toString(), ConfigKey.MESH.toString()));

        // When
        bus.write(records.workload(), records.service(), records.policy(1, MtlsMode.STRICT));

        // Then
        await().untilAsserted(() ->
                assertThat(bus.workload(WORKLOAD).orElseThrow().mode(8000)).isEqualTo(PortMode.STRICT));
        assertThat(bus.configWrites())
                .containsExactly(
                        WORKLOAD.toString(), SERVICE.toString(), ConfigKey.MESH.toString(), WORKLOAD.toString());
    }

    @Test
    void tellsHowFarAGenerationHasCome() {
        // Given
        bus.write(trust(), records.mesh(), records.service(), records.workload());
        publishing();

        // When
        bus.write(records.policy(1, MtlsMode.STRICT));

        // Then
        awaitStatus("NoNodes", 1);

        // When
        bus.write(reported(report(topicId(), 0)));

        // Then
        awaitStatus("NodesBehind", 1);

        // When
        awaitMode(PortMode.STRICT);
        bus.write(reported(upToDate()));

        // Then
        awaitStatus("InForce", 1);

        // When
        bus.write(reported(rejecting(upToDate(), WORKLOAD, "HANDSHAKE_FAILED")));

        // Then
        awaitStatus("Rejected", 1);
        assertThat(bus.status(POLICY).orElseThrow().message()).contains("HANDSHAKE_FAILED");
    }

    @Test
    void goesOnAfterARestartWithoutPublishingAgain() {
        // Given
        bus.write(trust(), records.mesh(), records.service(), records.workload(), records.policy(1, MtlsMode.STRICT));
        var first = publishing();
        awaitMode(PortMode.STRICT);
        var writes = bus.configWrites();
        first.close();

        // When
        publishing();
        bus.write(records.policy(2, MtlsMode.PERMISSIVE));

        // Then
        awaitMode(PortMode.PERMISSIVE);
        assertThat(bus.configWrites()).hasSize(writes.size() + 1);
    }

    @Test
    void waitsForTheMeshRecord() {
        // Given
        bus.write(records.service(), records.workload());
        var distributor = start();
        await().untilAsserted(() -> assertThat(distributor.standing())
                .isInstanceOfSatisfying(
                        Waiting.class, waiting -> assertThat(waiting.reason()).contains("record mesh")));
        assertThat(bus.configWrites()).isEmpty();

        // When
        bus.write(records.mesh());

        // Then
        awaitPublishing(distributor);
        await().untilAsserted(() -> assertThat(bus.configWrites()).hasSize(3));
    }

    @Test
    void goesOnWhenTheBrokerIsBack() {
        // Given
        bus.write(trust(), records.mesh(), records.service(), records.workload());
        publishing();
        await().untilAsserted(() -> assertThat(bus.configWrites()).hasSize(3));
        broker.close();

        // When
        broker = EmbeddedBroker.start(broker.settings());
        bus.write(records.policy(1, MtlsMode.STRICT));

        // Then
        awaitMode(PortMode.STRICT);
    }

    @Test
    void haltsWhenTheSequenceGoesBackwards() {
        // Given
        bus.write(trust(), records.mesh(), records.service(), records.workload());
        var distributor = publishing();
        awaitMode(PortMode.PERMISSIVE);

        // When
        bus.write(records.from(1).policy(1, MtlsMode.STRICT));

        // Then
        await().untilAsserted(() -> assertThat(distributor.standing()).isInstanceOf(Halted.class));
        assertThat(distributor.alive()).isTrue();
        assertThat(bus.workload(WORKLOAD).orElseThrow().mode(8000)).isEqualTo(PortMode.PERMISSIVE);
    }

    @Test
    void isNotStoppedByAnythingThatANodeMayWrite() {
        // Given
        bus.write(trust(), records.mesh(), records.service(), records.workload());
        publishing();
        awaitMode(PortMode.PERMISSIVE);
        var large = new byte[900 * 1024];

        // When
        bus.write(TopicCatalogue.NODES.name(), new byte[] {(byte) 0xff, (byte) 0xfe}, new byte[] {'?'});
        bus.write(TopicCatalogue.NODES.name(), new byte[0], null);
        for (var i = 0; i < 50; i++) {
            bus.write(TopicCatalogue.NODES.name(), ("made-up-" + i).getBytes(StandardCharsets.UTF_8), large);
        }
        bus.write(records.policy(1, MtlsMode.STRICT), reported(upToDate()));

        // Then
        awaitMode(PortMode.STRICT);

        // When
        bus.write(reported(upToDate()));

        // Then
        awaitStatus("InForce", 1);
    }

    @Test
    void aReplicaStandsByAndTakesOverWithoutAGap() {
        // Given
        bus.write(trust(), records.mesh(), records.service(), records.workload());
        var first = publishing();
        var second = start();
        await().untilAsserted(() -> assertThat(second.standing()).isEqualTo(new Standby()));
        assertThat(second.snapshot().state().resources()).isNotEmpty();

        // When
        first.close();
        bus.write(records.policy(1, MtlsMode.STRICT));

        // Then
        awaitMode(PortMode.STRICT);
        awaitPublishing(second);
        await().during(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(bus.configWrites()).hasSize(4));
    }

    @Test
    void stopsWhenATopicIsNotAsTheCatalogueHasIt() throws Exception {
        // Given
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, TopicCatalogue.CONFIG.name());
        var deleting = new AlterConfigOp(new ConfigEntry("cleanup.policy", "delete"), AlterConfigOp.OpType.SET);
        try (var admin = Admin.create(bus.properties())) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(deleting)))
                    .all()
                    .get();
            // The controller has it; the broker answers with it a moment later.
            await().untilAsserted(() -> assertThat(admin.describeConfigs(List.of(topic))
                            .all()
                            .get()
                            .get(topic)
                            .get("cleanup.policy")
                            .value())
                    .isEqualTo("delete"));
        }

        // When
        var distributor = start();

        // Then
        await().untilAsserted(() -> assertThat(distributor.standing())
                .isEqualTo(new Halted("countersign.config cleanup.policy: delete (expected: compact)")));
        await().untilAsserted(() -> assertThat(unusable).isTrue());
    }

    @Test
    void awaitsTheNodesThatItKnewWhenTheirReportsAreLost() throws Exception {
        // Given
        bus.write(trust(), records.mesh(), records.service(), records.workload());
        var distributor = publishing();
        var silent = other(topicId(), Clock.systemUTC().instant().plusSeconds(3600));
        bus.write(reported(report(topicId(), 0)), reported(silent));
        await().untilAsserted(() ->
                assertThat(distributor.snapshot().state().reports()).hasSize(2));

        // When
        var nodes = TopicCatalogue.NODES;
        try (var admin = Admin.create(bus.properties())) {
            admin.deleteTopics(List.of(nodes.name())).all().get();
            // A name is free again a moment after its topic is gone.
            await().ignoreExceptions()
                    .until(() -> admin.createTopics(List.of(
                                            new NewTopic(nodes.name(), 1, (short) 1).configs(nodes.settings(1))))
                                    .all()
                                    .get()
                            == null);
        }
        bus.write(records.policy(1, MtlsMode.STRICT));
        await().until(() -> bus.status(POLICY).isPresent());
        bus.write(reported(upToDate()));

        // Then
        await().untilAsserted(() ->
                assertThat(bus.status(POLICY).orElseThrow().behind()).containsExactly("sleep.full"));
        assertThat(bus.status(POLICY).orElseThrow().nodes()).isEqualTo(2);
    }

    private Distributor publishing() {
        var distributor = start();
        awaitPublishing(distributor);
        return distributor;
    }

    private Distributor start() {
        var distributor = new Distributor(
                bus.properties(),
                SETTINGS,
                Clock.systemUTC(),
                new DistributorMetrics(new SimpleMeterRegistry()),
                () -> unusable.set(true));
        started.add(distributor);
        distributor.start();
        return distributor;
    }

    private static void awaitPublishing(Distributor distributor) {
        await().untilAsserted(() -> assertThat(distributor.standing()).isEqualTo(new Publishing()));
    }

    private void awaitMode(PortMode mode) {
        await().untilAsserted(() -> assertThat(bus.workload(WORKLOAD).map(workload -> workload.mode(8000)))
                .contains(mode));
    }

    private void awaitStatus(String reason, long generation) {
        await().untilAsserted(() -> assertThat(bus.status(POLICY)).hasValueSatisfying(status -> {
            assertThat(status.reason()).isEqualTo(reason);
            assertThat(status.generation()).isEqualTo(generation);
        }));
    }

    private String topicId() {
        await().untilAsserted(() -> assertThat(bus.position()).isNotNull());
        return bus.position().topicId();
    }

    private NodeReport upToDate() {
        return report(topicId(), bus.position().offset());
    }
}
