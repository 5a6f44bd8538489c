package io.countersign.distributor.publication;

import static io.countersign.distributor.MeshRecords.NOW;
import static io.countersign.distributor.MeshRecords.deleted;
import static io.countersign.distributor.MeshRecords.trust;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.distributor.MeshRecords;
import io.countersign.distributor.distribution.ConfigPosition;
import io.countersign.follower.FollowedRecord;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever happened before: a distributor that starts anew publishes no config, because what its predecessor
/// published step by step is what the whole history gives.
class RestartLawTest {
    private static final String TOPIC_ID = "config-1";
    private static final int SEEDS = 200;
    private static final int STEPS = 40;
    private static final int NAMES = 3;

    static LongStream seeds() {
        var replayed = Long.getLong("countersign.seed");
        return replayed != null ? LongStream.of(replayed) : LongStream.rangeClosed(1, SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aRestartAtAnyStepPublishesNoConfig(long seed) {
        // Given
        var random = new Random(seed);
        var records = new MeshRecords();
        var bus = new RecordingPublisher();
        var engine = new DistributorEngine(Duration.ofSeconds(1), Duration.ofSeconds(30));
        var history = new ArrayList<FollowedRecord>(List.of(trust(), records.mesh()));
        history.forEach(engine::fold);
        engine.caughtUp(new ConfigPosition(TOPIC_ID, 0));
        engine.step(NOW, bus);
        int restartAt = random.nextInt(STEPS);
        for (int step = 0; step < restartAt; step++) {
            for (int burst = random.nextInt(3); burst >= 0; burst--) {
                var next = random(random, records);
                history.add(next);
                engine.fold(next);
            }
            engine.step(NOW, bus);
        }
        int writes = bus.configWrites;

        // When
        var successor = new DistributorEngine(Duration.ofSeconds(1), Duration.ofSeconds(30));
        history.forEach(successor::fold);
        bus.ownRecords().forEach(successor::fold);
        successor.caughtUp(new ConfigPosition(TOPIC_ID, bus.end));
        successor.step(NOW, bus);

        // Then
        assertThat(bus.configWrites).as("seed %d", seed).isEqualTo(writes);
        assertThat(bus.statuses.keySet())
                .as("seed %d", seed)
                .allSatisfy(
                        key -> assertThat(history).anyMatch(each -> each.key().equals(key.toString())));
    }

    private static FollowedRecord random(Random random, MeshRecords records) {
        var type = List.of(ResourceType.SERVICE, ResourceType.WORKLOAD_ENTRY, ResourceType.POLICY)
                .get(random.nextInt(3));
        var name = "n" + random.nextInt(NAMES);
        var key = ResourceKey.of(type, "ns" + random.nextInt(2), name);
        if (random.nextInt(4) == 0) {
            return deleted(key);
        }
        var app = "n" + random.nextInt(NAMES);
        var mode = random.nextBoolean() ? MtlsMode.STRICT : MtlsMode.PERMISSIVE;
        var spec = switch (type) {
            case SERVICE -> "{'selector':{'app':'" + app + "'},'ports':[{'name':'http','port':8000}]}";
            case WORKLOAD_ENTRY -> "{'address':'127.20.1.2','labels':{'app':'" + app + "'}}";
            default -> "{'targets':[{'name':'" + app + "'}],'peers':[{'mtls':{'mode':'" + mode + "'}}]}";
        };
        return records.applied(key, random.nextInt(5) + 1, Map.of("app", app), spec);
    }
}
