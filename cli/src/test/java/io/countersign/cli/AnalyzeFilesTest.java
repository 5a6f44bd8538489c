package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalyzeFilesTest {
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: httpbin, namespace: full}
            spec:
              selector: {app: httpbin}
              ports: [{name: http, port: 8000}]
            """;
    private static final String STRICT = """
            apiVersion: authentication.istio.io/v1alpha1
            kind: MeshPolicy
            metadata: {name: default}
            spec:
              peers:
              - mtls: {}
            """;
    private static final String PLAINTEXT_RULE = """
            apiVersion: networking.istio.io/v1alpha3
            kind: DestinationRule
            metadata: {name: bad-rule, namespace: full}
            spec:
              host: httpbin
              trafficPolicy: {tls: {mode: DISABLE}}
            """;

    @TempDir
    private Path folder;

    @Test
    void errorEndsWithOne() throws IOException {
        // Given
        write("all.yaml", SERVICE + "---\n" + STRICT + "---\n# nothing\n---\n" + PLAINTEXT_RULE);

        // When
        var run = Run.of("analyze", "-f", folder.toString());

        // Then
        assertThat(run.code()).isOne();
        assertThat(run.cells()).hasSize(2);
        assertThat(run.cells().getLast())
                .containsExactly(
                        "ERROR",
                        "CSN0101",
                        "DestinationRule bad-rule/full",
                        "makes clients send DISABLE where only mutual TLS is taken, so requests fail:"
                                + " httpbin.full.svc.cluster.local:8000");
    }

    @Test
    void soundFilesEndWithZero() throws IOException {
        // Given
        write("service.yaml", SERVICE);
        write("policy.yml", STRICT);

        // When
        var run = Run.of("analyze", "-f", folder + "/service.yaml", folder + "/policy.yml");

        // Then
        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualToIgnoringNewLines("no findings");
    }

    @Test
    void fieldThatIsWrongIsNamed() throws IOException {
        // Given
        write("policy.yaml", STRICT.replace("mtls: {}", "mtls: {mode: STRIKT}"));

        // When
        var run = Run.of("analyze", "-f", folder.toString(), "-o", "json");

        // Then
        assertThat(run.code()).isOne();
        assertThat(run.out()).contains("\"CSN0001\"", "policy.yaml: spec.peers[0].mtls.mode");
    }

    @Test
    void policiesAloneAreNotBlamedForWhatIsElsewhere() throws IOException {
        // Given
        write("rule.yaml", PLAINTEXT_RULE);
        write("other.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n");

        // When
        var run = Run.of("analyze", "-f", folder.toString());

        // Then
        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("note: 1 documents are of kinds", "note: not all of Service");
    }

    @Test
    void namespaceNarrowsTheFindings() throws IOException {
        // Given
        write("all.yaml", SERVICE + "---\n" + STRICT + "---\n" + PLAINTEXT_RULE);

        // When
        var run = Run.of("analyze", "-f", folder.toString(), "-n", "legacy");

        // Then
        assertThat(run.out()).isEqualToIgnoringNewLines("no findings");
    }

    @Test
    void fileThatIsMissingIsNamed() {
        // When
        var run = Run.of("analyze", "-f", folder + "/none.yaml");

        // Then
        assertThat(run.code()).isOne();
        assertThat(run.err()).contains("none.yaml is not readable");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
