package io.countersign.local.process;

import io.countersign.local.process.ProcessRegister.Entry;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Starts parts as processes that outlive this one, each in a session of its own (so that Ctrl-C does not reach
/// them) with its output in a log, and stops them by their records.
public final class ProcessControl {

    private static final Duration TERM_LIMIT = Duration.ofSeconds(20);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(150);
    private static final int LAST_LINES = 8;

    private final Path logs;
    private final ProcessRegister register;

    public ProcessControl(Path logs, ProcessRegister register) {
        this.logs = logs;
        this.register = register;
    }

    /// Starts the part and records it; it is not ready yet. What cannot be recorded does not run.
    public void start(Part part) {
        withdrawAnnouncement(part);
        var command = new ArrayList<>(List.of("setsid"));
        command.addAll(part.command());
        var builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log(part.name()).toFile()));
        builder.environment().putAll(part.environment());
        builder.environment().put(ProcessRegister.MARK, register.mark(part));
        try {
            long pid = builder.start().pid();
            var process = ProcessIdentity.of(pid)
                    .orElseThrow(
                            () -> new IllegalStateException(part.name() + " ended at once" + lastLines(part.name())));
            record(part, process);
        } catch (IOException e) {
            throw new UncheckedIOException(part.name() + " cannot be started", e);
        }
    }

    /// Records the process of a part again, if it runs and its record was lost.
    public void recordAgain(Part part) {
        register.find(part.name())
                .filter(entry -> entry.process().isAlive())
                .filter(entry -> !register.isRecorded(entry))
                .ifPresent(register::add);
    }

    private void record(Part part, ProcessIdentity process) {
        try {
            register.add(new Entry(part.name(), part.kind(), process));
        } catch (UncheckedIOException e) {
            kill(process);
            throw e;
        }
    }

    /// Waits until the part is ready.
    ///
    /// @throws IllegalStateException when it ends, or is not ready at the deadline (of [System#nanoTime])
    public void awaitReady(Part part, long deadline) {
        while (!isReady(part)) {
            if (!isAlive(part.name())) {
                throw new IllegalStateException(part.name() + " ended" + lastLines(part.name()));
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(part.name() + " is not ready in time" + lastLines(part.name()));
            }
            pause();
        }
    }

    /// Whether the part's process runs and does its work.
    public boolean isReady(Part part) {
        return process(part.name())
                .filter(ProcessIdentity::isAlive)
                .filter(part.readiness()::isReady)
                .isPresent();
    }

    /// Whether the part's recorded process runs.
    public boolean isAlive(String name) {
        return process(name).filter(ProcessIdentity::isAlive).isPresent();
    }

    public Optional<ProcessIdentity> process(String name) {
        return register.find(name).map(Entry::process);
    }

    /// Asks all of them to end, waits, and ends those that do not.
    public void stop(Collection<String> names) {
        List<ProcessIdentity> processes =
                names.stream().map(this::process).flatMap(Optional::stream).toList();
        processes.stream()
                .filter(ProcessControl::isAnother)
                .filter(ProcessIdentity::isAlive)
                .forEach(process -> handle(process).ifPresent(ProcessHandle::destroy));
        long deadline = System.nanoTime() + TERM_LIMIT.toNanos();
        for (ProcessIdentity process : processes) {
            if (isAnother(process) && !process.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
                kill(process);
            }
        }
        names.forEach(register::remove);
    }

    /// Ends the part with SIGKILL and keeps its record away.
    public void kill(String name) {
        process(name).ifPresent(ProcessControl::kill);
        register.remove(name);
    }

    /// A part that was killed could not take it back itself.
    private static void withdrawAnnouncement(Part part) {
        if (part.readiness() instanceof Readiness.Announced(Path file)) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException("ready file " + file, e);
            }
        }
    }

    private static void kill(ProcessIdentity process) {
        if (process.isAlive()) {
            handle(process).ifPresent(ProcessHandle::destroyForcibly);
            process.awaitEnd(KILL_LIMIT);
        }
    }

    /// A supervisor becomes the launcher that stops everything.
    private static boolean isAnother(ProcessIdentity process) {
        return process.pid() != ProcessHandle.current().pid();
    }

    private static Optional<ProcessHandle> handle(ProcessIdentity process) {
        return ProcessHandle.of(process.pid());
    }

    private Path log(String name) {
        return logs.resolve(name + ".log");
    }

    private String lastLines(String name) {
        try {
            List<String> lines = Files.readAllLines(log(name));
            List<String> last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
            return "; the end of " + log(name) + ":\n    " + String.join("\n    ", last);
        } catch (IOException e) {
            return "; it left no log at " + log(name);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a part started");
        }
    }
}
