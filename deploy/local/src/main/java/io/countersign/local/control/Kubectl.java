package io.countersign.local.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.countersign.local.plan.StateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The real kubectl, against this mesh's policy-service.
public final class Kubectl {

    /// What a run printed, both streams together, and how it ended.
    public record Outcome(int exitCode, String output) {}

    private final StateFolder state;

    public Kubectl(StateFolder state) {
        this.state = state;
    }

    /// Runs kubectl and waits for its end; at the limit it is ended, with exit code 137.
    ///
    /// @throws UncheckedIOException when it cannot be run
    public Outcome run(Duration limit, String... arguments) {
        var command = new ArrayList<>(List.of(
                // It ends with the thread that started it, and so with a launcher that is killed.
                "setpriv",
                "--pdeathsig",
                "KILL",
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
                    .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
            var process = builder.start();
            process.getOutputStream().close();
            return outcome(process, limit);
        } catch (IOException e) {
            throw new UncheckedIOException("kubectl cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while kubectl ran", e);
        }
    }

    /// To read from a process cannot be interrupted, to wait for it can.
    private static Outcome outcome(Process process, Duration limit) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var output =
                    threads.submit(() -> new String(process.getInputStream().readAllBytes(), UTF_8));
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                }
                return new Outcome(process.waitFor(), output.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("kubectl's output cannot be read", e.getCause());
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
