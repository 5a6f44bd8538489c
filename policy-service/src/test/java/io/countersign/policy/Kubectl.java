package io.countersign.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The real kubectl, as a process with a kubeconfig of its own.
final class Kubectl {
    static final String SERVER_NAME = "policy-service.istio-system.svc";
    private static final int TIMEOUT_SECONDS = 60;

    private final Path kubeconfig;
    private final Path cache;
    private final String program;

    private Kubectl(String program, Path kubeconfig, Path cache) {
        this.program = program;
        this.kubeconfig = kubeconfig;
        this.cache = cache;
    }

    /// What a run printed and how it ended; both streams together, as a person sees them.
    record Result(int exitCode, String output) {}

    static Kubectl of(int port, String token) {
        return of("kubectl", port, token);
    }

    static Kubectl of(String program, int port, String token) {
        try {
            var directory = Files.createTempDirectory("kubectl-it");
            var authority = Base64.getEncoder()
                    .encodeToString(PolicyEnvironment.authorityPem().getBytes(StandardCharsets.US_ASCII));
            var kubeconfig = Files.writeString(
                    directory.resolve("kubeconfig"), """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: test, cluster: {server: "https://127.0.0.1:%d", tls-server-name: %s, certificate-authority-data: %s}}]
                    users: [{name: test, user: {token: %s}}]
                    contexts: [{name: test, context: {cluster: test, user: test}}]
                    current-context: test
                    """.formatted(port, SERVER_NAME, authority, token));
            return new Kubectl(program, kubeconfig, directory.resolve("cache"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Result run(String... arguments) {
        return runWithInput("", arguments);
    }

    /// Runs `kubectl apply -f -` on a manifest.
    Result apply(String manifest) {
        return runWithInput(manifest, "apply", "-f", "-");
    }

    Result runWithInput(String input, String... arguments) {
        try {
            var process = start(arguments);
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("kubectl " + Arrays.toString(arguments) + ": still running");
            }
            return new Result(process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Starts kubectl and does not wait for it.
    Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(program, "--kubeconfig", kubeconfig.toString(), "--cache-dir", cache.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
