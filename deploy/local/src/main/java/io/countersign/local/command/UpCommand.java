package io.countersign.local.command;

import io.countersign.local.LocalMesh;
import io.countersign.local.LocalMesh.PartStatus;
import io.countersign.local.plan.LocalNetwork;
import io.countersign.local.plan.MeshOptions;
import io.countersign.local.plan.SampleSet;
import io.countersign.local.process.ProcessIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Starts broker, database, services, samples and their proxies, and waits until all is ready.")
final class UpCommand implements Callable<Integer> {

    private static final Duration WATCH = Duration.ofSeconds(1);

    /// What ended is asked to end first, which may take so long for each kind.
    private static final Duration START_END_LIMIT = Duration.ofSeconds(60);

    /// As a shell has it for SIGINT.
    private static final int INTERRUPTED = 130;

    @Mixin
    private StateOptions where = new StateOptions();

    @Option(names = "--detach", description = "Return when all is ready; ./dev down stops it.")
    private boolean detach;

    @Option(
            names = "--pods",
            description = "Give every workload a network namespace whose connections its sidecar captures; needs root.")
    private boolean pods;

    @Option(
            names = "--network",
            paramLabel = "127.N|10.N",
            description = "The mesh's addresses (default: 127.20, with --pods 10.20).")
    private @Nullable String network;

    @Option(
            names = "--samples",
            split = ",",
            paramLabel = "SET",
            description = "What runs in it: ${COMPLETION-CANDIDATES}, or several (default: httpbin).")
    private @Nullable Set<SampleSet> samples;

    @Option(
            names = "--svid-lifetime",
            paramLabel = "TIME",
            description = "How long certificates live, as 30s or 24h (default: 24h).")
    private @Nullable Duration svidLifetime;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "120s",
            description = "How long the start may take (default: ${DEFAULT-VALUE}).")
    private Duration timeout = MeshOptions.DEFAULT_TIMEOUT;

    @Option(
            names = "--class-archives",
            hidden = true,
            paramLabel = "DIR",
            description = "Archives of the JVMs' classes.")
    private @Nullable Path classArchives;

    @Option(
            names = "--with",
            hidden = true,
            paramLabel = "PID",
            description = "Stop the mesh when this process is gone, too.")
    private @Nullable Long with;

    /// Written by the shutdown hook, read by the main thread.
    private volatile boolean stopping;

    private final CountDownLatch startEnded = new CountDownLatch(1);

    @Override
    public Integer call() {
        LocalNetwork network = network();
        Optional<LocalMesh> last = where.recorded().map(LocalMesh::new);
        if (last.filter(LocalMesh::isUp).isPresent()) {
            requireSame(last.get().options(), network);
            System.out.println("the mesh is up already; ./dev status shows it, ./dev down stops it");
            return 0;
        }
        // It may have had other addresses.
        last.ifPresent(mesh -> mesh.stopAll(System.out::println));
        var options = new MeshOptions(
                where.home(),
                where.state(),
                network,
                samples(),
                svidLifetime == null ? MeshOptions.DEFAULT_SVID_LIFETIME : svidLifetime,
                timeout,
                Optional.ofNullable(classArchives));
        samples().stream().filter(set -> set.needsPods() && !pods).forEach(set -> {
            throw new IllegalArgumentException("samples: " + set + " (expected: with --pods)");
        });
        return run(new LocalMesh(options));
    }

    /// Ctrl-C stops what was started: during the start, and after it unless the mesh is to stay.
    private int run(LocalMesh mesh) {
        Thread starter = Thread.currentThread();
        var stop = new Thread(() -> stop(mesh, starter), "down");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            mesh.start(owner(), this::progress);
        } catch (RuntimeException e) {
            if (stopping) {
                return INTERRUPTED;
            }
            // It has stopped everything itself.
            Runtime.getRuntime().removeShutdownHook(stop);
            throw e;
        } finally {
            startEnded.countDown();
        }
        if (stopping) {
            return INTERRUPTED;
        }
        if (detach) {
            Runtime.getRuntime().removeShutdownHook(stop);
        }
        System.out.println(commands());
        if (!detach) {
            System.out.println("\nCtrl-C stops the mesh.");
            watch(mesh);
        }
        return 0;
    }

    private Optional<ProcessIdentity> owner() {
        if (with != null) {
            return Optional.of(ProcessIdentity.of(with)
                    .orElseThrow(
                            () -> new IllegalArgumentException("process: " + with + " (expected: one that runs)")));
        }
        return detach
                ? Optional.empty()
                : ProcessIdentity.of(ProcessHandle.current().pid());
    }

    private void progress(String line) {
        if (!stopping) {
            System.out.println(line);
        }
    }

    /// A mesh that is up stays as it is. Who asks for another one is told.
    private void requireSame(MeshOptions up, LocalNetwork asked) {
        var differs = new ArrayList<String>();
        if ((network != null || pods) && !asked.equals(up.network())) {
            differs.add(
                    "network: " + asked.prefix() + " (it has " + up.network().prefix() + ")");
        }
        if (samples != null && !samples.equals(up.samples())) {
            differs.add("samples: " + names(samples) + " (it has " + names(up.samples()) + ")");
        }
        if (svidLifetime != null && !svidLifetime.equals(up.svidLifetime())) {
            differs.add("svid lifetime: " + svidLifetime + " (it has " + up.svidLifetime() + ")");
        }
        if (!differs.isEmpty()) {
            throw new IllegalStateException("the mesh is up already, and stays as it is; " + String.join(", ", differs)
                    + "; ./dev down" + where.flag() + " first");
        }
    }

    private static String names(Set<SampleSet> sets) {
        return sets.stream().sorted().map(SampleSet::toString).collect(Collectors.joining(","));
    }

    private Set<SampleSet> samples() {
        return samples == null ? Set.of(SampleSet.HTTPBIN) : samples;
    }

    private LocalNetwork network() {
        LocalNetwork usual = pods ? LocalNetwork.PODS : LocalNetwork.DEFAULT;
        LocalNetwork chosen = network == null ? usual : new LocalNetwork(network);
        if (chosen.pods() != pods) {
            throw new IllegalArgumentException("network: " + network + " (expected: 127.N, or 10.N with --pods)");
        }
        return chosen;
    }

    /// The one that starts must have ended first: it would start more meanwhile. What it began it stops itself.
    private void stop(LocalMesh mesh, Thread starter) {
        stopping = true;
        System.out.println("\ninterrupted; what was started is stopped");
        starter.interrupt();
        try {
            if (!startEnded.await(START_END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                System.out.println("the start does not end; ./dev down" + where.flag() + " stops the rest");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        mesh.stopAll(_ -> {});
    }

    /// Until the process is ended: says when a part ends by itself.
    private void watch(LocalMesh mesh) {
        Set<String> ended = new HashSet<>();
        try {
            while (!stopping) {
                Thread.sleep(WATCH);
                for (PartStatus part : mesh.status()) {
                    String name = part.part().name();
                    if (part.process().isPresent()) {
                        ended.remove(name);
                    } else if (ended.add(name) && !stopping) {
                        System.out.println(
                                name + " ended; its log: " + mesh.state().log(name));
                    }
                }
            }
        } catch (InterruptedException e) {
            // The mesh is being stopped.
            Thread.currentThread().interrupt();
        }
    }

    private String commands() {
        String examples = samples().stream()
                .sorted()
                .map(set -> "  ./dev exec" + where.flag() + " " + set.example() + "\n")
                .collect(Collectors.joining());
        return """

                Try:
                %2$s  kubectl --kubeconfig %1$s/kubeconfig get meshpolicies,workloadentries -A

                Addresses: %1$s/env   Logs: %1$s/logs   More to try: samples/policies""".formatted(where.shown(), examples);
    }
}
