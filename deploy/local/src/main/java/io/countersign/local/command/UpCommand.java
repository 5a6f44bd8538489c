package io.countersign.local.command;

import io.countersign.local.LocalMesh;
import io.countersign.local.LocalMesh.PartStatus;
import io.countersign.local.plan.LocalNetwork;
import io.countersign.local.plan.MeshOptions;
import io.countersign.local.plan.SampleSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
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
            defaultValue = "httpbin",
            description = "What runs in it: ${COMPLETION-CANDIDATES}, or several (default: ${DEFAULT-VALUE}).")
    private Set<SampleSet> samples = Set.of();

    @Option(
            names = "--svid-lifetime",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "How long certificates live, as 30s or 24h (default: ${DEFAULT-VALUE}).")
    private Duration svidLifetime = MeshOptions.DEFAULT_SVID_LIFETIME;

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

    /// Written by the shutdown hook, read by the main thread.
    private volatile boolean stopping;

    @Override
    public Integer call() throws InterruptedException {
        Optional<LocalMesh> last = where.recorded().map(LocalMesh::new);
        if (last.filter(LocalMesh::isUp).isPresent()) {
            System.out.println("the mesh is up already; ./dev status shows it, ./dev down stops it");
            return 0;
        }
        // It may have had other addresses.
        last.ifPresent(mesh -> mesh.stopAll(System.out::println));
        var options = new MeshOptions(
                where.home(),
                where.state(),
                network(),
                samples,
                svidLifetime,
                timeout,
                Optional.ofNullable(classArchives));
        samples.stream().filter(set -> set.needsPods() && !pods).forEach(set -> {
            throw new IllegalArgumentException("samples: " + set + " (expected: with --pods)");
        });
        // Ctrl-C stops what was started: during the start, and after it unless the mesh is to stay.
        var mesh = new LocalMesh(options);
        var stop = new Thread(() -> stop(mesh), "down");
        Runtime.getRuntime().addShutdownHook(stop);
        mesh.start(System.out::println);
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

    private LocalNetwork network() {
        LocalNetwork usual = pods ? LocalNetwork.PODS : LocalNetwork.DEFAULT;
        LocalNetwork chosen = network == null ? usual : new LocalNetwork(network);
        if (chosen.pods() != pods) {
            throw new IllegalArgumentException("network: " + network + " (expected: 127.N, or 10.N with --pods)");
        }
        return chosen;
    }

    private void stop(LocalMesh mesh) {
        stopping = true;
        mesh.stopAll(System.out::println);
    }

    /// Until the process is ended: says when a part ends by itself.
    private void watch(LocalMesh mesh) throws InterruptedException {
        Set<String> ended = new HashSet<>();
        while (!stopping) {
            Thread.sleep(WATCH);
            for (PartStatus part : mesh.status()) {
                String name = part.part().name();
                if (part.process().isPresent()) {
                    ended.remove(name);
                } else if (ended.add(name) && !stopping) {
                    System.out.println(name + " ended; its log: " + mesh.state().log(name));
                }
            }
        }
    }

    private String commands() {
        String examples = samples.stream()
                .sorted()
                .map(set -> "  ./dev exec" + where.flag() + " " + set.example() + "\n")
                .collect(Collectors.joining());
        return """

                Try:
                %2$s  kubectl --kubeconfig %1$s/kubeconfig get meshpolicies,workloadentries -A

                Addresses: %1$s/env   Logs: %1$s/logs   More to try: samples/policies""".formatted(where.shown(), examples);
    }
}
