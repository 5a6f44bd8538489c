package io.countersign.local.backbone;

import io.countersign.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// The process that holds the bus and the databases of a mesh on one machine.
///
/// It takes one properties file, written by the launcher, and runs until it is ended with SIGTERM.
public final class Backbone implements AutoCloseable {

    private final EmbeddedBroker broker;
    private final Postgres postgres;
    private final Path readyFile;

    private Backbone(EmbeddedBroker broker, Postgres postgres, Path readyFile) {
        this.broker = broker;
        this.postgres = postgres;
        this.readyFile = readyFile;
    }

    /// Runs the process's whole life. Usage: `backbone FILE`.
    public static void main(String[] args) throws InterruptedException {
        var backbone = start(BackboneSettings.load(Path.of(args[0])));
        Runtime.getRuntime().addShutdownHook(new Thread(backbone::close, "backbone-stop"));
        backbone.announce();
        new CountDownLatch(1).await();
    }

    private static Backbone start(BackboneSettings settings) {
        withdraw(settings.readyFile());
        var postgres = CompletableFuture.supplyAsync(() -> Postgres.start(settings.postgres()));
        var broker = EmbeddedBroker.start(settings.broker());
        return new Backbone(broker, postgres.join(), settings.readyFile());
    }

    private void announce() {
        try {
            Files.createFile(readyFile);
        } catch (IOException e) {
            throw new UncheckedIOException("ready file " + readyFile, e);
        }
    }

    /// Stops both; what a client was told is on disk stays there.
    @Override
    public void close() {
        withdraw(readyFile);
        var broker = CompletableFuture.runAsync(this.broker::close);
        postgres.close();
        broker.join();
    }

    private static void withdraw(Path readyFile) {
        try {
            Files.deleteIfExists(readyFile);
        } catch (IOException e) {
            throw new UncheckedIOException("ready file " + readyFile, e);
        }
    }
}
