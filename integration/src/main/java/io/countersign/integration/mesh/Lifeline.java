package io.countersign.integration.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/// Starts programs that end with this JVM, in whichever way it ends: by itself, by Ctrl-C, or by SIGKILL, which nothing
/// in the JVM would notice. A shell reads from this JVM whom it must end; when there is nothing more to read, it does.
public final class Lifeline {
    private static final String SHELL = """
            trap '' INT TERM HUP
            declare -A held
            while read -r what pid; do
              if [[ $what == hold ]]; then held[$pid]=1; else unset "held[$pid]"; fi
            done
            for pid in "${!held[@]}"; do kill -KILL -- "-$pid"; done 2>/dev/null
            """;

    private static final Lifeline INSTANCE = new Lifeline();

    private final Writer shell;

    private Lifeline() {
        try {
            // A session of its own: Ctrl-C is for this JVM.
            shell = new ProcessBuilder("setsid", "bash", "-c", SHELL).start().outputWriter();
        } catch (IOException e) {
            throw new UncheckedIOException("bash cannot be run", e);
        }
    }

    /// Starts a program in a session of its own, which is ended as a whole when this JVM is gone first.
    ///
    /// @param builder its command changes
    public static Process start(ProcessBuilder builder) throws IOException {
        var command = new ArrayList<>(List.of("setsid"));
        command.addAll(builder.command());
        var process = builder.command(command).start();
        INSTANCE.say("hold " + process.pid());
        // Its number may be another's then.
        var _ = process.onExit().thenRun(() -> INSTANCE.say("release " + process.pid()));
        return process;
    }

    private synchronized void say(String line) {
        try {
            shell.write(line + "\n");
            shell.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the shell that ends processes has ended", e);
        }
    }
}
