package io.countersign.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.integration.mesh.Command;
import io.countersign.integration.mesh.RunningMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nobody on the machine applies a policy, asks for a certificate or reads a topic without a credential, and no
/// credential can be seen from outside.
@ExtendWith(SampleMesh.class)
class AccessScenarioIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final RunningMesh mesh;

    AccessScenarioIT(RunningMesh mesh) {
        this.mesh = mesh;
    }

    @Test
    void aPolicyIsRefusedWithoutToken() {
        assertThat(status("-X", "POST", "https://" + mesh.control() + ":6443/api/v1/namespaces"))
                .isEqualTo("401");
        assertThat(status("https://" + mesh.control() + ":6443/apis/authentication.istio.io/v1alpha1/meshpolicies"))
                .isEqualTo("401");
    }

    @Test
    void aPolicyIsRefusedWithAnotherToken() {
        assertThat(mesh.kubectl("--token=guess", "get", "meshpolicies").exitCode())
                .isNotZero();
    }

    /// A hello with shares of large finite fields costs its sender nothing and the server seconds.
    @ParameterizedTest
    @ValueSource(ints = {8443, 6443, 7443})
    void noServiceAgreesOnAFiniteField(int port) {
        assertThat(agreed(port, "ffdhe2048:ffdhe8192").errors()).contains("SSL alert number");
        assertThat(agreed(port, "X25519").output()).contains("Server Temp Key: X25519");
    }

    private Command.Result agreed(int port, String groups) {
        return Command.run(
                Path.of("."),
                TIMEOUT,
                "",
                List.of("openssl", "s_client", "-connect", mesh.control() + ":" + port, "-groups", groups));
    }

    @Test
    void aJoinTokenIsRefusedWithoutTheAdministratorsToken() {
        assertThat(status(
                        "-X",
                        "POST",
                        "-H",
                        "Content-Type: application/json",
                        "-d",
                        "{\"spiffeId\":\"spiffe://cluster.local/ns/full/sa/sleep\",\"nodeId\":\"sleep.full\"}",
                        "https://" + mesh.control() + ":8443/v1/join-tokens"))
                .isEqualTo("401");
    }

    @Test
    void aTopicIsNotReadWithAWrongPassword() {
        // Given
        var guessed = Map.<String, Object>of(
                "bootstrap.servers",
                mesh.control() + ":9092",
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required"
                        + " username=\"policy-service\" password=\"guess\";");

        // When
        try (var admin = Admin.create(guessed)) {
            var names = admin.listTopics().names();

            // Then
            assertThatThrownBy(names::get).hasCauseInstanceOf(SaslAuthenticationException.class);
        }
    }

    @Test
    void noSecretStandsOnACommandLine() throws IOException {
        // Given
        var secrets = secrets();

        // When
        var commandLines = commandLines();

        // Then
        assertThat(secrets).isNotEmpty();
        assertThat(commandLines).isNotEmpty();
        for (var secret : secrets) {
            assertThat(commandLines).noneMatch(line -> line.contains(secret));
        }
    }

    @Test
    void secretsAndKeysAreTheirOwnersAlone() throws IOException {
        assertThat(Files.getPosixFilePermissions(mesh.state().resolve("kubeconfig")))
                .isEqualTo(OWNER_ONLY);
        assertThat(Files.getPosixFilePermissions(
                        mesh.certificates("httpbin.full").resolve("key.pem")))
                .isEqualTo(OWNER_ONLY);
        for (var file : secretFiles()) {
            assertThat(Files.getPosixFilePermissions(file)).as(file.toString()).isEqualTo(OWNER_ONLY);
        }
    }

    @Test
    void noLogHoldsASecretOrAKey() throws IOException {
        // Given
        var secrets = secrets();

        // When
        var logs = new ArrayList<String>();
        try (var files = Files.list(mesh.state().resolve("logs"))) {
            for (var file : files.toList()) {
                logs.add(Files.readString(file));
            }
        }

        // Then
        assertThat(logs).isNotEmpty().noneMatch(log -> log.contains("PRIVATE" + " KEY"));
        for (var secret : secrets) {
            assertThat(logs).noneMatch(log -> log.contains(secret));
        }
    }

    /// A name of a field, which the refusal repeats, with a line feed in it.
    @Test
    void nobodyElseBeginsALineOfALog() throws IOException {
        // Given
        var url = "https://" + mesh.control() + ":8443/v1/svids";

        // When
        var status = status("-d", "{\"x\\nFORGED svid signed\": 1}", "-H", "Content-Type: application/json", url);

        // Then
        assertThat(status).isEqualTo("400");
        assertThat(Files.readAllLines(mesh.state().resolve("logs/ca-service.log")))
                .noneMatch(line -> line.startsWith("FORGED"))
                .anyMatch(line -> line.contains("problems=[x\\u000aFORGED svid signed: unknown field"));
    }

    private String status(String... arguments) {
        var command = new ArrayList<>(List.of("curl", "-k", "-s", "-o", "/dev/null", "-w", "%{http_code}"));
        command.addAll(List.of(arguments));
        return Command.run(Path.of(""), TIMEOUT, "", command).output();
    }

    private List<Path> secretFiles() throws IOException {
        try (var files = Files.walk(mesh.state().resolve("secrets"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /// Every passphrase-like word in the secret files.
    private List<String> secrets() throws IOException {
        var secrets = new ArrayList<String>();
        for (var file : secretFiles()) {
            if (!file.toString().endsWith(".properties")) {
                Files.readString(file)
                        .strip()
                        .lines()
                        .map(line -> line.substring(0, (line + ",").indexOf(',')))
                        .filter(word -> word.length() >= 16)
                        .forEach(secrets::add);
            }
        }
        return secrets;
    }

    private static List<String> commandLines() {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .toList();
    }
}
