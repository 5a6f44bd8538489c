package io.countersign.local;

import io.countersign.local.backbone.PostgresBinaries;
import io.countersign.local.plan.MeshPlan;
import io.countersign.local.process.Endpoint;
import io.countersign.local.process.Part;
import io.countersign.local.process.Part.Kind;
import io.countersign.local.process.PartFailed;
import io.countersign.local.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/// One start of a mesh: which part waits for which.
///
/// The chain that decides how long it takes is backbone, ca-service, policy-service, manifests, proxies; everything
/// else starts beside it.
final class MeshStart {

    private final LocalMesh mesh;
    private final Progress progress;
    private final MeshPlan plan;
    private final long started = System.nanoTime();
    private final long deadline;

    MeshStart(LocalMesh mesh, Progress progress) {
        this.mesh = mesh;
        this.progress = progress;
        this.plan = mesh.plan();
        this.deadline = started + mesh.timeout().toNanos();
    }

    void run() {
        List<Part> parts = plan.parts();
        requireBuilt(parts);
        requireFree(parts);
        plan.writeFiles();
        parts.forEach(part -> startLogAnew(part.name()));
        PostgresBinaries.unpack(MeshPlan.postgresHome(mesh.state()));
        start(MeshPlan.BACKBONE);
        awaitReady(MeshPlan.BACKBONE);
        start(MeshPlan.CA_SERVICE);
        start(MeshPlan.CONFIG_DISTRIBUTOR);
        awaitReady(MeshPlan.CA_SERVICE);
        new JoinTokens(mesh).write();
        report("join tokens and kubeconfig written");
        start(MeshPlan.POLICY_SERVICE);
        of(parts, Kind.APP).forEach(part -> mesh.control().start(part));
        of(parts, Kind.NODE).forEach(part -> mesh.control().start(part));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var manifests = in(threads, this::manifests);
            var all = new ArrayList<CompletableFuture<Void>>();
            parts.stream()
                    .filter(part -> !part.name().equals(MeshPlan.BACKBONE)
                            && !part.name().equals(MeshPlan.CA_SERVICE))
                    .filter(part -> !part.name().equals(MeshPlan.POLICY_SERVICE))
                    .forEach(part -> all.add(in(threads, () -> awaitReady(part.name()))));
            join(manifests);
            all.forEach(MeshStart::join);
        }
        new SampleManifests(mesh.options()).awaitDistributed(Duration.ofNanos(deadline - System.nanoTime()));
        report("every policy is in force on every node");
    }

    private void manifests() {
        awaitReady(MeshPlan.POLICY_SERVICE);
        new SampleManifests(mesh.options()).apply();
        report("the samples' manifests are applied");
    }

    private void start(String name) {
        mesh.control().start(plan.part(name));
    }

    private void awaitReady(String name) {
        mesh.control().awaitReady(plan.part(name), deadline);
        report(name + " ready");
    }

    private synchronized void report(String line) {
        double seconds = (System.nanoTime() - started) / 1e9;
        progress.report("%5.1f s  %s".formatted(seconds, line));
    }

    private void startLogAnew(String name) {
        Path log = mesh.state().log(name);
        try {
            if (Files.exists(log)) {
                Files.move(log, log.resolveSibling(name + ".log.1"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new PartFailed("log " + log + " cannot be put aside: " + e.getMessage());
        }
    }

    private static void requireBuilt(List<Part> parts) {
        List<String> missing = parts.stream()
                .flatMap(part -> part.command().stream())
                .filter(argument -> argument.endsWith(".jar"))
                .distinct()
                .filter(jar -> !Files.exists(Path.of(jar)))
                .toList();
        if (!missing.isEmpty()) {
            throw new PartFailed("not built yet: " + String.join(", ", missing));
        }
    }

    private static void requireFree(List<Part> parts) {
        List<Endpoint> endpoints =
                parts.stream().flatMap(part -> part.endpoints().stream()).toList();
        List<String> taken = Ports.taken(endpoints);
        if (!taken.isEmpty()) {
            throw new PartFailed(
                    String.join("\n", taken) + "\nstop what holds it, or choose other addresses with --network 127.N");
        }
    }

    private static List<Part> of(List<Part> parts, Kind kind) {
        return parts.stream().filter(part -> part.kind() == kind).toList();
    }

    private static CompletableFuture<Void> in(Executor threads, Runnable work) {
        return CompletableFuture.runAsync(work, threads);
    }

    private static void join(CompletableFuture<Void> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
