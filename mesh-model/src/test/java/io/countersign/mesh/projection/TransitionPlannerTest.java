package io.countersign.mesh.projection;

import static io.countersign.mesh.config.PortMode.DISABLE;
import static io.countersign.mesh.config.PortMode.OPEN;
import static io.countersign.mesh.config.PortMode.PERMISSIVE;
import static io.countersign.mesh.config.PortMode.STRICT;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.projection.TransitionPlanner.Confirmed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TransitionPlannerTest {
    private static final SpiffeId HTTPBIN = SpiffeId.parse("spiffe://cluster.local/ns/full/sa/httpbin");
    private static final Confirmed NOBODY = new Confirmed(false, false);
    private static final Confirmed SERVER = new Confirmed(true, false);
    private static final Confirmed EVERYONE = new Confirmed(true, true);
    private static final List<PortMode> POLICY_MODES = List.of(DISABLE, PERMISSIVE, STRICT);
    private static final List<PortMode> ALL_MODES = List.of(PortMode.values());
    private static final int PORT = 8000;

    @ParameterizedTest(name = "{0} towards {1}: {2} before, {3} with the server, {4} with everyone")
    @CsvSource({
        "DISABLE,    STRICT,     OPEN,       OPEN,       OPEN",
        "DISABLE,    PERMISSIVE, OPEN,       OPEN,       OPEN",
        "OPEN,       STRICT,     OPEN,       PERMISSIVE, PERMISSIVE",
        "OPEN,       PERMISSIVE, OPEN,       PERMISSIVE, PERMISSIVE",
        "OPEN,       DISABLE,    OPEN,       OPEN,       DISABLE",
        "PERMISSIVE, STRICT,     PERMISSIVE, PERMISSIVE, STRICT",
        "PERMISSIVE, DISABLE,    PERMISSIVE, OPEN,       OPEN",
        "STRICT,     PERMISSIVE, PERMISSIVE, PERMISSIVE, PERMISSIVE",
        "STRICT,     DISABLE,    PERMISSIVE, PERMISSIVE, PERMISSIVE",
    })
    void aModeMovesOneStepWhenThoseItDependsOnHaveConfirmed(
            PortMode published, PortMode goal, PortMode before, PortMode withServer, PortMode withEveryone) {
        assertThat(TransitionPlanner.step(published, goal, NOBODY)).isEqualTo(before);
        assertThat(TransitionPlanner.step(published, goal, SERVER)).isEqualTo(withServer);
        assertThat(TransitionPlanner.step(published, goal, EVERYONE)).isEqualTo(withEveryone);
    }

    @Test
    void aWorkloadWithoutAProxyStaysOpenUntilOneHasReported() {
        // Given
        var alone = workload(ProxyPresence.NONE, STRICT);

        // When
        var first = TransitionPlanner.next(Optional.empty(), alone, NOBODY);
        var reported =
                TransitionPlanner.next(Optional.of(first.next()), workload(ProxyPresence.PRESENT, STRICT), NOBODY);
        var confirmed =
                TransitionPlanner.next(Optional.of(reported.next()), workload(ProxyPresence.PRESENT, STRICT), SERVER);

        // Then
        assertThat(first.next().mode(PORT)).isEqualTo(OPEN);
        assertThat(first.waiting()).isFalse();
        assertThat(reported.next().mode(PORT)).isEqualTo(OPEN);
        assertThat(reported.waiting()).isTrue();
        assertThat(confirmed.next().mode(PORT)).isEqualTo(PERMISSIVE);
    }

    @Test
    void aDeclaredProxyIsThereInItsModeFromTheStart() {
        // Given
        var declared = workload(ProxyPresence.DECLARED, STRICT);

        // When
        var first = TransitionPlanner.next(Optional.empty(), declared, NOBODY);
        var reported =
                TransitionPlanner.next(Optional.of(first.next()), workload(ProxyPresence.PRESENT, STRICT), NOBODY);

        // Then
        assertThat(first).isEqualTo(new TransitionPlanner.Step(declared, false));
        assertThat(reported).isEqualTo(new TransitionPlanner.Step(workload(ProxyPresence.PRESENT, STRICT), false));
    }

    @Test
    void aPortThatNoPolicyNamesAnyMoreKeepsItsStepsToo() {
        // Given
        var named = workload(ProxyPresence.PRESENT, STRICT);
        var unnamed = named.with(new TreeMap<>(), DISABLE);

        // When
        var step = TransitionPlanner.next(Optional.of(named), unnamed, NOBODY);

        // Then
        assertThat(step.waiting()).isTrue();
        assertThat(step.next().mode(PORT)).isEqualTo(PERMISSIVE);
    }

    static List<Long> seeds() {
        return EventSequences.seeds().toList();
    }

    /// A server and its clients hear of each record in any order, the policy changes at any time, and still no client
    /// sends what the server does not take.
    @ParameterizedTest
    @MethodSource("seeds")
    void noRequestIsLostWhicheverNodeHearsFirst(long seed) {
        // Given
        var random = new Random(seed);
        var records = new ArrayList<>(List.of(workload(ProxyPresence.PRESENT, pick(random))));
        var heard = new int[4];
        var goal = records.getFirst();

        for (int turn = 0; turn < 200; turn++) {
            // When
            switch (random.nextInt(8)) {
                case 0 -> goal = workload(ProxyPresence.PRESENT, pick(random));
                case 1, 2, 3 -> publish(records, goal, heard);
                default -> {
                    var node = random.nextInt(heard.length);
                    heard[node] = Math.min(heard[node] + 1, records.size() - 1);
                }
            }

            // Then
            var server = records.get(heard[0]).mode(PORT);
            for (int client = 1; client < heard.length; client++) {
                var sends = records.get(heard[client]).mode(PORT);
                assertThat(sends.clientsUseMutualTls() ? server.takesMutualTls() : server.takesPlaintext())
                        .as("seed %d: the server is at %s, a client at %s", seed, server, sends)
                        .isTrue();
            }
        }
    }

    /// However far a change had come, it ends once everybody confirms, and on its way takes nothing that neither the
    /// mode before nor the one after takes.
    @ParameterizedTest
    @MethodSource("seeds")
    void everyChangeEndsAndAdmitsNoMoreThanBeforeAndAfter(long seed) {
        // Given
        var random = new Random(seed);
        var before = ALL_MODES.get(random.nextInt(ALL_MODES.size()));
        var goal = pick(random);
        var mode = before;

        for (int steps = 0; mode != goal; steps++) {
            // When
            mode = TransitionPlanner.step(mode, goal, EVERYONE);

            // Then
            assertThat(steps).isLessThan(ALL_MODES.size());
            assertThat(!mode.takesPlaintext() || before.takesPlaintext() || goal.takesPlaintext())
                    .isTrue();
            assertThat(!mode.takesMutualTls() || before.takesMutualTls() || goal.takesMutualTls())
                    .isTrue();
        }
    }

    private static void publish(List<WorkloadConfig> records, WorkloadConfig goal, int[] heard) {
        var last = records.size() - 1;
        var confirmed = new Confirmed(heard[0] == last, Arrays.stream(heard).allMatch(position -> position == last));
        records.add(TransitionPlanner.next(Optional.of(records.getLast()), goal, confirmed)
                .next());
    }

    private static PortMode pick(Random random) {
        return POLICY_MODES.get(random.nextInt(POLICY_MODES.size()));
    }

    private static WorkloadConfig workload(ProxyPresence proxy, PortMode mode) {
        return new WorkloadConfig(
                "full",
                "httpbin",
                "u",
                List.of("127.0.0.1"),
                new TreeMap<>(),
                HTTPBIN,
                proxy,
                new TreeMap<>(Map.of(PORT, mode)),
                mode,
                new TreeMap<>());
    }
}
