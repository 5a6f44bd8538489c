package io.countersign.local.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.local.process.Endpoint;
import io.countersign.local.process.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
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
        state.create();
        plan = new MeshPlan(MeshOptions.of(folder, state, new LocalNetwork("127.31")));
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
                .containsExactly("sleep.full-proxy", "httpbin.full-proxy", "httpbin.partial-proxy");
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
    @ValueSource(strings = {"127.0", "127.256", "10.20", "127.20.1", ""})
    void refusesANetworkOutsideOfTheLoopback(String prefix) {
        // Then
        assertThatThrownBy(() -> new LocalNetwork(prefix)).hasMessageStartingWith("network: " + prefix);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
