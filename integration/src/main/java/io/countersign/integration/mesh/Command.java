package io.countersign.integration.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Runs a program and waits for it. It ends with this JVM.
public final class Command {
    private Command() {}

    /// What a program did.
    public record Result(List<String> command, int exitCode, String output, String errors) {
        /// The output of a program that must succeed.
        public String orFail() {
            if (exitCode != 0) {
                throw new IllegalStateException(this.toString());
            }
            return output;
        }

        @Override
        public String toString() {
            return String.join(" ", command) + "\nexit code " + exitCode + "\n" + output + errors;
        }
    }

    /// Runs a program with a text as its standard input.
    ///
    /// @param timeout after which the program is ended and the call fails
    public static Result run(Path directory, Duration timeout, String input, List<String> command) {
        try {
            var process = Lifeline.start(new ProcessBuilder(command)
                    .directory(directory.toAbsolutePath().toFile()));
            var output = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
            var errors = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("no end in " + timeout + ": " + String.join(" ", command));
            }
            return new Result(List.copyOf(command), process.exitValue(), output.join(), errors.join());
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: " + String.join(" ", command), e);
        }
    }

    private static String read(java.io.InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
