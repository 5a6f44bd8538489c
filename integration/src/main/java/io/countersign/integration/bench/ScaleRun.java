package io.countersign.integration.bench;

import io.countersign.events.ResourceCodec.StoredResource;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.resource.MtlsMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// One mesh of one size: started, changed, restarted, and measured from outside.
final class ScaleRun implements AutoCloseable {
    private static final Duration SETTLE = Duration.ofSeconds(1);
    private static final int CHANGES = 100;
    private static final int WARM_UP = 30;
    private static final int UNREPORTED = 300;
    /// Enough for both compilers to be done with what a change runs through.
    private static final int UNREPORTED_WARM_UP = 1_500;
    private static final int MODE_CHANGES = 6;
    /// A change moves another service's workload each time: a prime, so that all have their turn.
    private static final int STRIDE = 997;

    /// It reads, folds and publishes: `countersign-config-distributor`, as the kernel has it.
    private static final String DISTRIBUTOR_THREAD = "countersign-con";

    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration CHANGE_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final MeshSize size;
    private final Path directory;
    private final SimulatedMesh mesh;
    private final MeasuredProcess bus;
    private final String servers;
    private final SimulatedControl control;
    private final Map<Row, Double> results = new LinkedHashMap<>();

    ScaleRun(MeshSize size, Path directory) throws IOException {
        this.size = size;
        this.directory = Files.createDirectories(directory);
        this.mesh = new SimulatedMesh(size);
        this.bus = MeasuredProcess.java(
                List.of(
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BusProcess.class.getName(),
                        directory.resolve("bus").toString()),
                Map.of(),
                BusProcess.READY,
                directory.resolve("bus.log"));
        var line = bus.announced()
                .orTimeout(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .join();
        this.servers = line.substring(line.indexOf(BusProcess.READY) + BusProcess.READY.length());
        this.control = new SimulatedControl(Map.of("bootstrap.servers", servers));
    }

    Map<Row, Double> run() throws InterruptedException {
        say("writing %d services and %d workloads".formatted(size.services(), size.workloads()));
        control.define(mesh.settings(), mesh.bundle());
        var all = mesh.resources();
        control.write(all);
        say("starting config-distributor, which publishes all of it");
        try (var distributor = MeasuredDistributor.start(directory, servers, mesh.identity());
                var nodes = nodes(all)) {
            changes(distributor, nodes);
            unreported(distributor, nodes);
            idle(distributor);
            modes(distributor, nodes);
            results.put(Row.RSS_WORKED, mebibytes(distributor));
        }
        replay();
        return results;
    }

    @Override
    public void close() {
        control.close();
        bus.close();
    }

    private SimulatedNodes nodes(List<StoredResource> all) {
        say("starting %d nodes, until all is in force".formatted(size.nodes()));
        var inForce = all.stream().map(control::expect).toArray(CompletableFuture<?>[]::new);
        var nodes = SimulatedNodes.start(mesh.nodes(), Map.of("bootstrap.servers", servers));
        CompletableFuture.allOf(inForce)
                .orTimeout(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .join();
        return nodes;
    }

    private void changes(MeasuredDistributor distributor, SimulatedNodes nodes) {
        say(WARM_UP + " changes to warm up");
        for (int i = 0; i < WARM_UP; i++) {
            change(i, nodes);
        }
        say(CHANGES + " changes of one endpoint each");
        var bytes = nodes.configBytes();
        var reports = nodes.reports();
        var cpu = new Cpu(distributor, bus);
        var reported = new ArrayList<Duration>();
        var distributed = new ArrayList<Duration>();
        for (int i = 0; i < CHANGES; i++) {
            var change = change(WARM_UP + i, nodes);
            reported.add(change.reported());
            distributed.add(change.distributed());
        }
        results.put(Row.REPORTED_P50, Quantiles.of(reported).millis(0.5));
        results.put(Row.REPORTED_P99, Quantiles.of(reported).millis(0.99));
        results.put(Row.DISTRIBUTED_P50, Quantiles.of(distributed).millis(0.5));
        results.put(Row.DISTRIBUTED_P99, Quantiles.of(distributed).millis(0.99));
        results.put(Row.CHANGE_CPU, cpu.distributorMillis() / CHANGES);
        results.put(Row.CHANGE_BUS_CPU, cpu.busMillis() / CHANGES);
        results.put(Row.CHANGE_REPORTS, (double) (nodes.reports() - reports) / CHANGES);
        results.put(Row.CHANGE_BYTES, (double) (nodes.configBytes() - bytes) / CHANGES);
    }

    private record Change(Duration reported, Duration distributed) {}

    private Change change(int i, SimulatedNodes nodes) {
        var moved = mesh.moved(i * STRIDE % size.workloads());
        var reported = nodes.expect(config(moved));
        var distributed = control.expect(moved);
        control.write(List.of(moved));
        var acknowledged = System.nanoTime();
        return new Change(
                Duration.ofNanos(await(reported) - acknowledged), Duration.ofNanos(await(distributed) - acknowledged));
    }

    /// The cost of folding and publishing alone: nobody reports, and one workload is moved all the time, so that one
    /// generation waits for reports.
    private void unreported(MeasuredDistributor distributor, SimulatedNodes nodes) throws InterruptedException {
        say(UNREPORTED_WARM_UP + UNREPORTED + " changes while no node reports");
        nodes.silence(true);
        // Reports that are on their way arrive; a node reports at most every 100 ms.
        Thread.sleep(SETTLE);
        for (int i = 0; i < UNREPORTED_WARM_UP; i++) {
            publish(nodes);
        }
        var cpu = new Cpu(distributor, bus);
        for (int i = 0; i < UNREPORTED; i++) {
            publish(nodes);
        }
        results.put(Row.PUBLISH_THREAD_CPU, cpu.distributorThreadMillis() / UNREPORTED);
        results.put(Row.PUBLISH_CPU, cpu.distributorMillis() / UNREPORTED);
        results.put(Row.PUBLISH_BUS_CPU, cpu.busMillis() / UNREPORTED);
        nodes.silence(false);
        change(1, nodes);
    }

    private void publish(SimulatedNodes nodes) {
        var moved = mesh.moved(0);
        var read = nodes.expectRead(config(moved));
        control.write(List.of(moved));
        await(read);
    }

    private void idle(MeasuredDistributor distributor) throws InterruptedException {
        say("nothing for " + IDLE.toSeconds() + " s but the nodes' repeated reports");
        var cpu = new Cpu(distributor, bus);
        Thread.sleep(IDLE);
        results.put(Row.IDLE_CPU, cpu.distributorMillis() / IDLE.toSeconds());
        results.put(Row.IDLE_BUS_CPU, cpu.busMillis() / IDLE.toSeconds());
    }

    private void modes(MeasuredDistributor distributor, SimulatedNodes nodes) {
        say(MODE_CHANGES + " changes of the whole mesh's mode");
        var bytes = nodes.configBytes();
        var cpu = new Cpu(distributor, bus);
        var times = new ArrayList<Duration>();
        for (int i = 0; i < MODE_CHANGES; i++) {
            var mode = mesh.mode(i % 2 == 0 ? MtlsMode.STRICT : MtlsMode.PERMISSIVE);
            var distributed = control.expect(mode);
            control.write(List.of(mode));
            var acknowledged = System.nanoTime();
            times.add(Duration.ofNanos(await(distributed) - acknowledged));
        }
        results.put(Row.MODE_DISTRIBUTED, Quantiles.of(times).millis(0.5));
        results.put(Row.MODE_CPU, cpu.distributorMillis() / MODE_CHANGES);
        results.put(Row.MODE_BUS_CPU, cpu.busMillis() / MODE_CHANGES);
        results.put(Row.MODE_BYTES, (double) (nodes.configBytes() - bytes) / MODE_CHANGES);
    }

    private void replay() {
        say("starting config-distributor again, which reads all of it");
        try (var distributor = MeasuredDistributor.start(directory, servers, mesh.identity())) {
            results.put(Row.START, distributor.times().fromProcess().toNanos() / 1e6);
            results.put(Row.REPLAY, distributor.times().fromBus().toNanos() / 1e6);
            results.put(Row.RSS_STARTED, mebibytes(distributor));
        }
    }

    private static ConfigKey config(StoredResource written) {
        return ConfigKey.workload(written.key().namespace(), written.key().name());
    }

    private static double mebibytes(MeasuredDistributor distributor) {
        return distributor.process().residentBytes() / 1024.0 / 1024.0;
    }

    private static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(CHANGE_TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
    }

    private void say(String what) {
        System.out.println("[" + size.name() + "] " + what + " …");
    }

    /// Processor time from now on.
    private static final class Cpu {
        private final MeasuredDistributor distributor;
        private final MeasuredProcess bus;
        private final Duration distributorBefore;
        private final Duration threadBefore;
        private final Duration busBefore;

        Cpu(MeasuredDistributor distributor, MeasuredProcess bus) {
            this.distributor = distributor;
            this.bus = bus;
            this.distributorBefore = distributor.process().cpu();
            this.threadBefore = distributor.process().cpu(DISTRIBUTOR_THREAD);
            this.busBefore = bus.cpu();
        }

        double distributorMillis() {
            return distributor.process().cpu().minus(distributorBefore).toNanos() / 1e6;
        }

        double distributorThreadMillis() {
            return distributor
                            .process()
                            .cpu(DISTRIBUTOR_THREAD)
                            .minus(threadBefore)
                            .toNanos()
                    / 1e6;
        }

        double busMillis() {
            return bus.cpu().minus(busBefore).toNanos() / 1e6;
        }
    }
}
