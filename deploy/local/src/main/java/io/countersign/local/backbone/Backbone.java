package io.countersign.local.backbone;

import io.countersign.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// The process that starts the bus and the databases of a mesh on one machine, and is the bus.
///
/// It takes one properties file, written by the launcher, and runs until it is ended with SIGTERM. The database server
/// runs on without it, whichever way it ends, until the next backbone takes its place or [Postgres#stop] stops it: so
/// what needs only the database can be seen to work while the bus is away.
public final class Backbone {

    private Backbone() {}

    /// Runs the process's whole life; what a client of the bus was told is on disk stays there.
    public static void run(Path file) throws IOException, InterruptedException {
        var settings = BackboneSettings.load(file);
        var postgres = CompletableFuture.runAsync(() -> Postgres.start(settings.postgres()));
        var broker = EmbeddedBroker.start(settings.broker());
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "backbone-stop"));
        postgres.join();
        Files.createFile(settings.readyFile());
        new CountDownLatch(1).await();
    }
}
