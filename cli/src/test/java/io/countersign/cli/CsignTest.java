package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsignTest {

    @Test
    void printsItsVersion() {
        // When
        var run = Run.of("version");

        // Then
        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("csign ");
    }

    @Test
    void saysWhatThereIsWithoutASubcommand() {
        // When
        var run = Run.of();

        // Then
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Usage: csign", "tls-check", "version");
    }

    @ParameterizedTest
    @CsvSource({"authn tls-check", "proxy-status", "proxy-config", "analyze", "wait"})
    void everyCommandHasExamples(String command) {
        // When
        var run = Run.of((command + " --help").split(" "));

        // Then
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Examples:", "csign " + command);
    }

    @Test
    void tlsCheckRequiresAWorkload() {
        // When
        var run = Run.of("authn", "tls-check");

        // Then
        assertThat(run.code()).as("S1.10").isNotZero();
        assertThat(run.err()).contains("tls-check requires pod name");
    }

    @Test
    void commandLineThatIsNotUnderstoodEndsWithTwo() {
        // When
        var run = Run.of("wait", "policy/httpbin", "--timeout", "soon");

        // Then
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("time: soon (expected: as 60s or 2m)", "see csign wait --help");
    }

    @Test
    void missingKubeconfigIsNamed(@TempDir Path folder) {
        // When
        var run = Run.of("proxy-status", "--kubeconfig", folder + "/none");

        // Then
        assertThat(run.code()).isOne();
        assertThat(run.err()).contains("none does not exist", "./dev up");
    }

    @Test
    void unreachableMeshIsNamed(@TempDir Path folder) throws Exception {
        // Given
        var file = Files.writeString(folder.resolve("kubeconfig"), """
                current-context: c
                contexts: [{name: c, context: {cluster: config-distributor, user: u}}]
                clusters: [{name: config-distributor, cluster: {server: "https://127.0.0.1:1"}}]
                users: [{name: u, user: {token: t}}]
                """);

        // When
        var run = Run.of("proxy-status", "--kubeconfig", file.toString());

        // Then
        assertThat(run.code()).isOne();
        assertThat(run.err())
                .isEqualToIgnoringNewLines("error: config-distributor at https://127.0.0.1:1 is not reachable:"
                        + " is the mesh up? ./dev up");
    }
}
