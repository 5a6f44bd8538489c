package io.countersign.local.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// One process and no other: a pid is used again, a pid with its start time is not.
///
/// @param pid as the kernel numbers it
/// @param started the kernel's clock ticks between boot and the process's start (`/proc/PID/stat`, field 22)
public record ProcessIdentity(long pid, long started) {

    private static final int STATE = 0;
    private static final int SESSION = 3;
    private static final int START_TIME = 19;
    private static final Duration POLL = Duration.ofMillis(20);

    /// The process that has this pid now; empty when there is none or only its zombie.
    public static Optional<ProcessIdentity> of(long pid) {
        return stat(pid)
                .filter(fields -> !fields[STATE].equals("Z") && !fields[STATE].equals("X"))
                .map(fields -> new ProcessIdentity(pid, Long.parseLong(fields[START_TIME])));
    }

    /// Whether this very process runs. Its zombie does not: where nobody reaps, it would be there for ever.
    public boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /// The command line, blanks between its arguments; empty when it cannot be read.
    public String command() {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
            return new String(bytes, StandardCharsets.UTF_8).replace('\0', ' ').strip();
        } catch (IOException e) {
            return "";
        }
    }

    /// Whether it began a session of its own.
    boolean leadsSession() {
        return stat(pid)
                .filter(fields -> fields[SESSION].equals(Long.toString(pid)))
                .isPresent();
    }

    /// A variable of the environment that it was started with; empty also where this user may not see it.
    Optional<String> variable(String name) {
        try {
            String all = Files.readString(Path.of("/proc", Long.toString(pid), "environ"), StandardCharsets.ISO_8859_1);
            return Arrays.stream(all.split("\0", -1))
                    .filter(variable -> variable.startsWith(name + "="))
                    .map(variable -> variable.substring(name.length() + 1))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String[]> stat(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            // The command may hold blanks and brackets: the fields are after its last bracket.
            return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Waits until the process has ended.
    ///
    /// @return false when it still runs after the limit
    public boolean awaitEnd(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (isAlive()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
