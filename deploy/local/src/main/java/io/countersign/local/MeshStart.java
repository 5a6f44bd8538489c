package io.countersign.local;

import io.countersign.local.backbone.PostgresBinaries;
import io.countersign.local.plan.MeshPlan;
import io.countersign.local.process.Part;
import io.countersign.local.process.Part.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// One start of a mesh: which part waits for which.
///
/// The chain that decides how long it takes is backbone, ca-service, policy-service, manifests. Samples and
/// sidecars come last, because they are many.
final class MeshStart {

    /// All parts are ready, and what a crash left in the way is gone after 6 s. Nodes of an earlier mesh may not be.
    private static final Duration CHANGE_LIMIT = Duration.ofSeconds(20);

    private final LocalMesh mesh;
    private final Consumer<String> progress;
    private final MeshPlan plan;
    private final long started = System.nanoTime();
    private final long deadline;

    MeshStart(LocalMesh mesh, Consumer<String> progress) {
        this.mesh = mesh;
        this.progress = progress;
        this.plan = mesh.plan;
        this.deadline = started + mesh.options.timeout().toNanos();
    }

    void run() {
        List<Part> parts = plan.parts();
        mesh.requireFree(parts);
        plan.writeFiles();
        parts.forEach(part -> startLogAnew(part.name()));
        PostgresBinaries.unpack(MeshPlan.postgresHome(mesh.state()));
        start(MeshPlan.BACKBONE);
        awaitReady(MeshPlan.BACKBONE);
        start(MeshPlan.CA_SERVICE);
        awaitReady(MeshPlan.CA_SERVICE);
        mesh.writeJoinTokens();
        report("join tokens and kubeconfig written");
        start(MeshPlan.POLICY_SERVICE);
        start(MeshPlan.CONFIG_DISTRIBUTOR);
        // The many would take the processor from what all of them wait for.
        awaitReady(MeshPlan.POLICY_SERVICE);
        new SampleManifests(mesh.options).apply();
        report("the samples' manifests are applied");
        var rest = parts.stream()
                .filter(part -> part.kind() == Kind.APP || part.kind() == Kind.NODE)
                .toList();
        rest.forEach(mesh::start);
        awaitAllReady(Stream.concat(
                Stream.of(MeshPlan.CONFIG_DISTRIBUTOR), rest.stream().map(Part::name)));
        var manifests = new SampleManifests(mesh.options);
        manifests.awaitDistributed(Duration.ofNanos(deadline - System.nanoTime()));
        manifests
                .awaitChange(CHANGE_LIMIT)
                .ifPresentOrElse(
                        reason -> report("no change is Distributed yet: " + reason),
                        () -> report("every policy is in force on every node"));
    }

    private void awaitAllReady(Stream<String> names) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // Unlike a join it ends when this thread is interrupted, and the others with it.
            for (var ready : threads.invokeAll(names.map(this::readiness).toList())) {
                ready.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the mesh started", e);
        }
    }

    private Callable<Boolean> readiness(String name) {
        return () -> {
            awaitReady(name);
            return true;
        };
    }

    private void start(String name) {
        mesh.start(plan.part(name));
    }

    private void awaitReady(String name) {
        mesh.control.awaitReady(plan.part(name), deadline);
        report(name + " ready");
    }

    private synchronized void report(String line) {
        double seconds = (System.nanoTime() - started) / 1e9;
        progress.accept("%5.1f s  %s".formatted(seconds, line));
    }

    private void startLogAnew(String name) {
        Path log = mesh.state().log(name);
        try {
            if (Files.exists(log)) {
                Files.move(log, log.resolveSibling(name + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new IllegalStateException("log " + log + " cannot be put aside: " + e.getMessage());
        }
    }
}
