package io.countersign.local.backbone;

import io.countersign.local.process.ProcessIdentity;
import io.countersign.local.process.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// A PostgreSQL server that runs on without the backbone that started it, and keeps its port and its folder.
public final class OrphanedPostgres {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private OrphanedPostgres() {}

    /// Stops the server that works on the data folder, if there is one; its data stays.
    public static void stop(Path directory) {
        find(directory).ifPresent(orphan -> {
            Signal.INT.send(orphan.pid());
            orphan.awaitEnd(STOP_LIMIT);
        });
    }

    /// The server that works on the data folder.
    static Optional<ProcessIdentity> find(Path directory) {
        Path file = directory.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
            // The pid may be somebody else's by now.
            return ProcessIdentity.of(pid).filter(found -> found.command().contains(directory.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException("database pid file " + file, e);
        }
    }
}
