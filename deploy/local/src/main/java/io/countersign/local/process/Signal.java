package io.countersign.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;

/// A signal that the JDK cannot send by itself.
public enum Signal {
    /// PostgreSQL's fast shutdown.
    INT,
    /// Stops the process's work until [#CONT].
    STOP,
    CONT;

    /// Sends it; a process that is gone is no error.
    public void send(long pid) {
        try {
            new ProcessBuilder("kill", "-" + name(), Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("signal " + name() + " to pid " + pid, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
