package io.countersign.local.control;

import io.countersign.local.plan.StateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The real kubectl, against this mesh's policy-service.
public final class Kubectl {

    /// What a run printed, both streams together, and how it ended.
    public record Outcome(int exitCode, String output) {
        public boolean succeeded() {
            return exitCode == 0;
        }
    }

    private final StateFolder state;

    public Kubectl(StateFolder state) {
        this.state = state;
    }

    /// Runs kubectl and waits for its end; at the limit it is ended, with exit code 137.
    ///
    /// @throws UncheckedIOException when it cannot be run
    public Outcome run(Duration limit, String... arguments) {
        var command = new ArrayList<>(List.of(
                "kubectl",
                "--kubeconfig",
                state.kubeconfig().toString(),
                "--cache-dir",
                state.root().resolve("kubectl-cache").toString()));
        command.addAll(List.of(arguments));
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            // A proxy for the outer world is of no use on the loopback.
            builder.environment()
                    .keySet()
                    .removeIf(name -> name.toLowerCase(java.util.Locale.ROOT).endsWith("_proxy"));
            var process = builder.start();
            process.getOutputStream().close();
            var killer = Thread.ofVirtual().start(() -> end(process, limit));
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            killer.interrupt();
            return new Outcome(code, output);
        } catch (IOException e) {
            throw new UncheckedIOException("kubectl cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while kubectl ran", e);
        }
    }

    private static void end(Process process, Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            // The process ended in time.
            Thread.currentThread().interrupt();
        }
    }
}
