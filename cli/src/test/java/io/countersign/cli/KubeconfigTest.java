package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigTest {

    @TempDir
    private Path folder;

    @Test
    void currentContextNamesClusterUserAndNamespace() throws IOException {
        // When
        var config = read("token: secret", "tls-server-name: api, certificate-authority-data: UEVN");

        // Then
        var endpoint = config.current();
        assertThat(config.namespace()).isEqualTo("full");
        assertThat(endpoint.server()).hasToString("https://127.0.0.1:6443");
        assertThat(endpoint.serverName()).contains("api");
        assertThat(endpoint.authorities()).contains("PEM");
        assertThat(endpoint.token()).contains("secret");
    }

    @Test
    void filesAreRelativeToTheKubeconfig() throws IOException {
        // Given
        Files.writeString(folder.resolve("token"), "secret\n");
        Files.writeString(folder.resolve("ca.pem"), "PEM\n");

        // When
        var endpoint = read("tokenFile: token", "certificate-authority: ca.pem").current();

        // Then
        assertThat(endpoint.token()).contains("secret");
        assertThat(endpoint.authorities()).contains("PEM");
    }

    @Test
    void serverThatIsNotCheckedIsRefused() throws IOException {
        // Given
        var config = read("token: secret", "insecure-skip-tls-verify: true");

        // When
        var refusal = assertThatThrownBy(config::current);

        // Then
        refusal.isInstanceOf(Failure.class).hasMessageContaining("insecure-skip-tls-verify");
    }

    @Test
    void clusterThatIsMissingIsNamed() throws IOException {
        // Given
        var config = read("token: secret", "tls-server-name: api");

        // When
        var refusal = assertThatThrownBy(() -> config.cluster("config-distributor"));

        // Then
        refusal.isInstanceOf(Failure.class).hasMessageContaining("no cluster config-distributor in");
    }

    @Test
    void tokenIsNotPrinted() throws IOException {
        // When
        var config = read("token: secret", "tls-server-name: api");

        // Then
        assertThat(config + " " + config.current()).doesNotContain("secret");
    }

    private Kubeconfig read(String user, String cluster) throws IOException {
        var file = Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: c
                contexts:
                - {name: c, context: {cluster: api, user: u, namespace: full}}
                clusters:
                - {name: api, cluster: {server: "https://127.0.0.1:6443", %s}}
                users:
                - {name: u, user: {%s}}
                """.formatted(cluster, user));
        return Kubeconfig.read(Optional.of(file), Optional.empty());
    }
}
