package io.countersign.local.backbone;

import io.countersign.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process that starts the bus and the databases of a mesh on one machine, and is the bus.
///
/// It takes one properties file, written by the launcher, and runs until it is ended with SIGTERM. The database server
/// runs on without it, whichever way it ends, until the next backbone takes its place or [Postgres#stop] stops it: so
/// what needs only the database can be seen to work while the bus is away. While the backbone runs it starts a database
/// that ended again.
public final class Backbone {

    private static final Logger LOG = LoggerFactory.getLogger(Backbone.class);

    /// How soon a database that ended is seen.
    private static final Duration WATCH = Duration.ofSeconds(1);

    /// A full disk has space again some time, and nobody wants to wait for longer then.
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private Backbone() {}

    /// Runs the process's whole life; what a client of the bus was told is on disk stays there.
    public static void run(Path file) throws IOException, InterruptedException {
        var settings = BackboneSettings.load(file);
        var postgres = CompletableFuture.runAsync(() -> Postgres.start(settings.postgres()));
        var broker = EmbeddedBroker.start(settings.broker());
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "backbone-stop"));
        postgres.join();
        Files.createFile(settings.readyFile());
        keep(settings.postgres());
    }

    /// Starts the database again whenever it has ended, at ever longer intervals. Never returns.
    private static void keep(PostgresSettings settings) throws InterruptedException {
        Duration pause = WATCH;
        while (true) {
            Thread.sleep(pause);
            if (Postgres.isThere(settings.directory())) {
                pause = WATCH;
                continue;
            }
            LOG.atWarn().log("the database has ended, it is started again");
            try {
                Postgres.start(settings);
            } catch (RuntimeException e) {
                LOG.atWarn().addKeyValue("failure", e.toString()).log("the database does not start, it is tried again");
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }
}
