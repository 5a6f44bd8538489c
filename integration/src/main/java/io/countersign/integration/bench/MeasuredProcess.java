package io.countersign.integration.bench;

import io.countersign.integration.mesh.Lifeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A program of its own whose processor time and memory are read from outside.
public final class MeasuredProcess implements AutoCloseable {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
    private static final long KIB = 1024;

    private final Process process;
    private final long started;
    private final CompletableFuture<String> announced = new CompletableFuture<>();

    private MeasuredProcess(Process process, long started) {
        this.process = process;
        this.started = started;
    }

    /// Starts the JVM that this one runs on.
    ///
    /// @param announcement what is in the line that [#announced] waits for
    /// @param log takes what it prints
    static MeasuredProcess java(
            List<String> arguments, Map<String, String> environment, String announcement, Path log) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        return start(command, environment, announcement, log);
    }

    /// Starts any program, as [#java] does.
    public static MeasuredProcess start(
            List<String> command, Map<String, String> environment, String announcement, Path log) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            var started = System.nanoTime();
            var running = new MeasuredProcess(Lifeline.start(builder), started);
            Thread.ofPlatform().daemon().start(() -> running.read(announcement, log));
            return running;
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        }
    }

    /// The first line with the announcement; fails when the process ends without.
    public CompletableFuture<String> announced() {
        return announced;
    }

    public Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /// Processor time of all threads so far, and of the processes that it has started and that run.
    public Duration cpu() {
        return tree().map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /// Processor time of the threads with a name so far.
    ///
    /// @param name its first 15 characters, as the kernel keeps them
    Duration cpu(String name) {
        try (var threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            return threads.filter(thread -> read(thread, "comm").equals(name))
                    .map(thread -> read(thread, "schedstat").split(" ", 2)[0])
                    .map(nanos -> Duration.ofNanos(Long.parseLong(nanos)))
                    .reduce(Duration.ZERO, Duration::plus);
        } catch (IOException e) {
            throw new UncheckedIOException("threads of " + process.pid(), e);
        }
    }

    /// Resident memory, and that of the processes that it has started.
    public long residentBytes() {
        return tree().mapToLong(each -> residentBytes(each.pid())).sum();
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        // The process itself would close its output, too, without which a JVM writes no cache of classes.
        process.toHandle().destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private Stream<ProcessHandle> tree() {
        if (!process.isAlive()) {
            throw new IllegalStateException("process: ended (expected: running)");
        }
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    private static long residentBytes(long pid) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException("memory of " + pid, e);
        }
    }

    private static String read(Path thread, String file) {
        try {
            return Files.readString(thread.resolve(file)).strip();
        } catch (IOException e) {
            // It has ended since.
            return "0";
        }
    }

    private void read(String announcement, Path log) {
        try (var output = process.inputReader();
                var file = Files.newBufferedWriter(log)) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                file.write(line);
                file.newLine();
                file.flush();
                if (line.contains(announcement)) {
                    announced.complete(line);
                }
            }
            announced.completeExceptionally(new IllegalStateException("process ended; see " + log));
        } catch (IOException e) {
            announced.completeExceptionally(e);
        }
    }
}
