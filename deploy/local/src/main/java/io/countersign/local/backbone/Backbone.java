package io.countersign.local.backbone;

import io.countersign.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// The process that starts the bus and the databases of a mesh on one machine, and is the bus.
///
/// It takes one properties file, written by the launcher, and runs until it is ended with SIGTERM. The database server
/// runs on without it, whichever way it ends, until the next backbone takes its place or [Postgres#stop] stops it:
/// so what needs only the database can be seen to work while the bus is away.
public final class Backbone implements AutoCloseable {

    private final EmbeddedBroker broker;
    private final Path readyFile;

    private Backbone(EmbeddedBroker broker, Path readyFile) {
        this.broker = broker;
        this.readyFile = readyFile;
    }

    /// Runs the process's whole life.
    public static void run(Path file) throws InterruptedException {
        var backbone = start(BackboneSettings.load(file));
        Runtime.getRuntime().addShutdownHook(new Thread(backbone::close, "backbone-stop"));
        backbone.announce();
        new CountDownLatch(1).await();
    }

    private static Backbone start(BackboneSettings settings) {
        withdraw(settings.readyFile());
        var postgres = CompletableFuture.runAsync(() -> Postgres.start(settings.postgres()));
        var broker = EmbeddedBroker.start(settings.broker());
        postgres.join();
        return new Backbone(broker, settings.readyFile());
    }

    private void announce() {
        try {
            Files.createFile(readyFile);
        } catch (IOException e) {
            throw new UncheckedIOException("ready file " + readyFile, e);
        }
    }

    /// Stops the bus; what a client was told is on disk stays there.
    @Override
    public void close() {
        withdraw(readyFile);
        broker.close();
    }

    private static void withdraw(Path readyFile) {
        try {
            Files.deleteIfExists(readyFile);
        } catch (IOException e) {
            throw new UncheckedIOException("ready file " + readyFile, e);
        }
    }
}
