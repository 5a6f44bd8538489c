package io.countersign.local.backbone;

import io.countersign.local.process.ProcessIdentity;
import io.countersign.local.process.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A PostgreSQL server whose parent was killed: it runs on and keeps its port and its folder.
public final class OrphanedPostgres {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private OrphanedPostgres() {}

    /// Stops the server that works on the data folder, if there is one; its data stays.
    public static void stop(Path directory) {
        Path file = directory.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return;
        }
        try {
            long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
            ProcessIdentity.of(pid)
                    // The pid may be somebody else's by now.
                    .filter(found -> found.command().contains(directory.toString()))
                    .ifPresent(orphan -> {
                        Signal.INT.send(pid);
                        orphan.awaitEnd(STOP_LIMIT);
                    });
        } catch (IOException e) {
            throw new UncheckedIOException("database pid file " + file, e);
        }
    }
}
