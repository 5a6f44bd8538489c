package io.countersign.mesh.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.ConfigRecord;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceSpec.AuthenticationPolicySpec;
import io.countersign.mesh.resource.ResourceSpec.PeerAuthenticationSpec;
import io.countersign.mesh.resource.ResourceType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The laws that hold for every history. A failing seed stands in the test's name; `-Dcountersign.seed=N` replays it.
class ProjectionLawsTest {
    private static final List<Integer> PORTS = List.of(80, 8000, 9000, 12_345);

    @ParameterizedTest
    @MethodSource("io.countersign.mesh.projection.EventSequences#seeds")
    void stateIsItsEventsAgain(long seed) {
        // Given
        var state = fold(EventSequences.random(seed));

        // When
        var again = fold(events(state));

        // Then
        assertThat(again).isEqualTo(state);
    }

    @ParameterizedTest
    @MethodSource("io.countersign.mesh.projection.EventSequences#seeds")
    void theSameEventTwiceIsOnce(long seed) {
        // Given
        var doubled = new ArrayList<MeshEvent>();
        EventSequences.random(seed).forEach(event -> Collections.addAll(doubled, event, event));

        // When
        var state = fold(doubled);

        // Then
        assertThat(state).isEqualTo(fold(EventSequences.random(seed)));
    }

    @ParameterizedTest
    @MethodSource("io.countersign.mesh.projection.EventSequences#seeds")
    void orderOfDifferentKeysDoesNotMatter(long seed) {
        // Given
        var newest = new HashMap<String, MeshEvent>();
        EventSequences.random(seed).forEach(event -> newest.put(EventSequences.key(event), event));
        var shuffled = new ArrayList<>(newest.values());
        Collections.shuffle(shuffled, new Random(seed));

        // When
        var state = fold(shuffled);

        // Then
        assertThat(state).isEqualTo(fold(EventSequences.random(seed)));
    }

    @ParameterizedTest
    @MethodSource("io.countersign.mesh.projection.EventSequences#seeds")
    void incrementalOutputIsFullRecomputation(long seed) {
        // Given
        var state = MeshState.EMPTY;
        var published = new TreeMap<ConfigKey, ConfigRecord>();

        for (var event : EventSequences.random(seed)) {
            // When
            var after = state.apply(event);
            for (var key : Projection.affected(state, after, event)) {
                Projection.project(after, key)
                        .ifPresentOrElse(record -> published.put(key, record), () -> published.remove(key));
            }
            state = after;

            // Then
            assertThat(published).isEqualTo(projectAll(state));
        }
    }

    @ParameterizedTest
    @MethodSource("io.countersign.mesh.projection.EventSequences#seeds")
    void deletingAPolicyGivesWhatAnotherOneSays(long seed) {
        // Given
        var state = fold(EventSequences.random(seed));
        var defaults = state.settings().map(MeshSettings::defaultMode).orElse(MtlsMode.STRICT);

        for (var policy : policies(state)) {
            // When
            var without = state.apply(new MeshEvent.ResourceDeleted(policy.key()));

            // Then
            var left = remainingModes(without, defaults);
            changedModes(state, without)
                    .values()
                    .forEach(mode -> assertThat(left).contains(mode));
        }
    }

    @ParameterizedTest
    @MethodSource("io.countersign.mesh.projection.EventSequences#seeds")
    void losingAWorkloadOrReportOpensNothing(long seed) {
        // Given
        var state = fold(EventSequences.random(seed));
        var losses = new ArrayList<MeshEvent>();
        state.all(ResourceType.WORKLOAD_ENTRY).forEach(entry -> losses.add(new MeshEvent.ResourceDeleted(entry.key())));
        state.reports().keySet().forEach(node -> losses.add(new MeshEvent.NodeForgotten(node)));

        for (var loss : losses) {
            // When
            var without = state.apply(loss);

            // Then
            assertThat(changedModes(state, without)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("io.countersign.mesh.projection.EventSequences#seeds")
    void withoutAMeshNothingIsInForce(long seed) {
        // Given
        var events = EventSequences.random(seed).stream()
                .filter(event -> !(event instanceof MeshEvent.MeshDefined))
                .toList();

        // When
        var state = fold(events);

        // Then
        assertThat(projectAll(state)).isEmpty();
    }

    private static MeshState fold(List<MeshEvent> events) {
        var state = MeshState.EMPTY;
        for (var event : events) {
            state = state.apply(event);
        }
        return state;
    }

    private static List<MeshEvent> events(MeshState state) {
        var events = new ArrayList<MeshEvent>();
        state.settings().ifPresent(settings -> events.add(new MeshEvent.MeshDefined(settings)));
        state.resources().values().forEach(resource -> events.add(new MeshEvent.ResourceApplied(resource)));
        state.reports().values().forEach(report -> events.add(new MeshEvent.NodeReported(report)));
        return events;
    }

    private static SortedMap<ConfigKey, ConfigRecord> projectAll(MeshState state) {
        var records = new TreeMap<ConfigKey, ConfigRecord>();
        Projection.keys(state)
                .forEach(key -> Projection.project(state, key).ifPresent(record -> records.put(key, record)));
        return records;
    }

    /// The modes, by workload and port, which differ after a loss; a workload that is gone has none.
    private static Map<String, PortMode> changedModes(MeshState before, MeshState after) {
        var changed = new HashMap<String, PortMode>();
        var then = projectAll(after);
        projectAll(before).forEach((key, record) -> {
            if (record instanceof WorkloadConfig workload && then.get(key) instanceof WorkloadConfig left) {
                for (int port : PORTS) {
                    if (workload.mode(port) != left.mode(port)) {
                        changed.put(key + ":" + port, left.mode(port));
                    }
                }
            }
        });
        return changed;
    }

    private static List<Resource> policies(MeshState state) {
        var policies = new ArrayList<Resource>();
        policies.addAll(state.all(ResourceType.POLICY));
        policies.addAll(state.all(ResourceType.PEER_AUTHENTICATION));
        state.resource(ResourceKey.of(ResourceType.MESH_POLICY, "", "default")).ifPresent(policies::add);
        return policies;
    }

    /// What may hold once a policy is gone: what another one says, or the default.
    private static Set<PortMode> remainingModes(MeshState state, MtlsMode defaults) {
        var modes = EnumSet.of(PortMode.of(defaults));
        for (var policy : policies(state)) {
            switch (policy.spec()) {
                case AuthenticationPolicySpec spec -> modes.add(PortMode.of(spec.mode()));
                case PeerAuthenticationSpec spec -> {
                    spec.mode().map(PortMode::of).ifPresent(modes::add);
                    spec.ports().values().forEach(mode -> modes.add(PortMode.of(mode)));
                }
                default -> throw new AssertionError(policy);
            }
        }
        return modes;
    }
}
