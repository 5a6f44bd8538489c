package io.countersign.local.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.local.process.Endpoint;
import io.countersign.local.process.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeshPlanTest {

    @TempDir
    private Path folder;

    private StateFolder state;
    private MeshPlan plan;

    @BeforeEach
    void plan() {
        state = new StateFolder(folder.resolve("state"));
        state.create(false);
        plan = new MeshPlan(MeshOptions.of(folder, state, new LocalNetwork("127.31"), EnumSet.allOf(SampleSet.class)));
    }

    @Test
    void givesEveryPartAddressesOfItsOwn() {
        // When
        List<Endpoint> endpoints =
                plan.parts().stream().flatMap(part -> part.endpoints().stream()).toList();

        // Then
        assertThat(endpoints)
                .doesNotHaveDuplicates()
                .allMatch(endpoint -> endpoint.address().startsWith("127.31."));
    }

    @Test
    void putsAProxyBesideMeshedWorkloadsOnly() {
        // When
        Stream<String> names = plan.parts().stream().map(Part::name);

        // Then
        assertThat(names.filter(name -> name.endsWith("-proxy")))
                .startsWith(
                        "sleep.full-proxy",
                        "httpbin.full-proxy",
                        "httpbin.partial-proxy",
                        "sleep.default-proxy",
                        "httpbin.default-proxy",
                        "productpage-v1.bookinfo-proxy")
                .hasSize(16);
    }

    @Test
    void startsTheChosenSetsOnly() {
        // Given
        var options = MeshOptions.of(folder, state, LocalNetwork.DEFAULT, EnumSet.of(SampleSet.DEFAULT));

        // When
        Stream<String> names = new MeshPlan(options).parts().stream().map(Part::name);

        // Then
        assertThat(names.filter(name -> name.contains(".")))
                .containsExactly("sleep.default", "httpbin.default", "sleep.default-proxy", "httpbin.default-proxy");
    }

    @Test
    void entersThePodOfEveryPartThatIsInOne() {
        // Given
        var options = MeshOptions.of(folder, state, LocalNetwork.PODS, EnumSet.of(SampleSet.DEFAULT));

        // When
        List<List<String>> commands =
                new MeshPlan(options).parts().stream().map(Part::command).toList();

        // Then
        var enter = List.of(
                folder.resolve("dev").toString(),
                "enter",
                "--state",
                state.root().toString());
        assertThat(commands.subList(4, commands.size()))
                .allSatisfy(command -> assertThat(command).startsWith(enter.toArray(String[]::new)))
                .extracting(command -> command.get(4))
                .containsExactly(
                        "sleep.default/app", "httpbin.default/app", "sleep.default/proxy", "httpbin.default/proxy");
        assertThat(commands.subList(0, 4)).noneMatch(command -> command.contains("enter"));
    }

    @Test
    void letsOneSidecarWriteTheCacheThatAllReadAndPodsAnotherOne() throws IOException {
        // Given
        Path archives = folder.resolve("archives");
        Path cache = archives.resolve("pods/proxy-node.aot");
        var options = new MeshOptions(
                folder,
                state,
                LocalNetwork.PODS,
                EnumSet.of(SampleSet.DEFAULT),
                MeshOptions.DEFAULT_SVID_LIFETIME,
                MeshOptions.DEFAULT_TIMEOUT,
                Optional.of(archives));
        assertThat(sidecars(options))
                .filteredOn(flags -> flags.contains("-XX:AOTCacheOutput=" + cache))
                .hasSize(1);

        // When
        Files.createDirectories(cache.getParent());
        Files.createFile(cache);

        // Then
        assertThat(sidecars(options)).hasSize(2).allMatch(flags -> flags.contains("-XX:AOTCache=" + cache));
    }

    @Test
    void hasTheManifestsOfEverySet() throws IOException {
        // Given
        var samples = new StringBuilder();
        for (SampleSet set : SampleSet.values()) {
            for (String file : set.manifests()) {
                samples.append(Files.readString(Path.of("../../samples/manifests", file)));
            }
        }

        // Then
        assertThat(Stream.of(SampleSet.values()).flatMap(set -> set.workloads().stream()))
                .allSatisfy(workload -> assertThat(samples)
                        .containsPattern("name: " + workload.name() + "\n  namespace: " + workload.namespace()
                                + "\nspec:\n  address: " + LocalNetwork.DEFAULT.address(workload) + "\n[^-]*"
                                + (workload.meshed() ? "tlsMode: istio\n" : "")
                                + "  serviceAccount: " + workload.account() + "\n"));
    }

    @Test
    void keepsSecretsOutOfCommandLinesAndEnvironments() throws IOException {
        // Given
        plan.writeFiles();

        // When
        String visible = plan.parts().toString();

        // Then
        for (Path file : files(state.secrets())) {
            assertThat(visible).doesNotContain(state.read(file).strip());
        }
    }

    @Test
    void letsOnlyTheOwnerReadWhatItWrites() throws IOException {
        // When
        plan.writeFiles();

        // Then
        assertThat(files(state.secrets()))
                .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.root())))
                .isEqualTo("rwx------");
    }

    @Test
    void keepsSecretsForTheNextStart() {
        // Given
        String first = plan.caAdminToken();

        // When
        plan.writeFiles();

        // Then
        assertThat(plan.caAdminToken()).isEqualTo(first).hasSize(43);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0", "127.256", "10.0", "11.20", "127.20.1", ""})
    void refusesANetworkThatIsNeitherForTheLoopbackNorForPods(String prefix) {
        // Then
        assertThatThrownBy(() -> new LocalNetwork(prefix)).hasMessageStartingWith("network: " + prefix);
    }

    private static List<List<String>> sidecars(MeshOptions options) {
        return new MeshPlan(options)
                .parts().stream()
                        .filter(part -> part.kind() == Part.Kind.NODE)
                        .map(Part::command)
                        .toList();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
