package io.countersign.local.command;

import io.countersign.local.LocalMesh;
import io.countersign.local.PartStatus;
import io.countersign.local.plan.LocalNetwork;
import io.countersign.local.plan.MeshOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
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
            names = "--network",
            paramLabel = "127.N",
            defaultValue = "127.20",
            description = "The part of 127/8 that the mesh's addresses are in (default: ${DEFAULT-VALUE}).")
    private String network = "127.20";

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
        Optional<LocalMesh> running = where.recorded().map(LocalMesh::of).filter(LocalMesh::isUp);
        if (running.isPresent()) {
            System.out.println("the mesh is up already; ./dev status shows it, ./dev down stops it");
            return 0;
        }
        var options = new MeshOptions(
                where.home(),
                where.state(),
                new LocalNetwork(network),
                svidLifetime,
                timeout,
                Optional.ofNullable(classArchives));
        // Ctrl-C stops what was started: during the start, and after it unless the mesh is to stay.
        var stop = new Thread(() -> stop(options), "down");
        Runtime.getRuntime().addShutdownHook(stop);
        var mesh = LocalMesh.start(options, System.out::println);
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

    private void stop(MeshOptions options) {
        stopping = true;
        LocalMesh.of(options).stopAll(System.out::println);
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
        return """

                Try:
                  kubectl --kubeconfig %1$s/kubeconfig get meshpolicies,workloadentries -A
                  ./dev exec%2$s sleep.full/app -- curl -s http://httpbin.full:8000/headers
                  ./dev exec%2$s sleep.legacy/app -- curl -s -o /dev/null -w '%%{http_code}\\n' http://httpbin.full:8000/headers

                Only mutual TLS to httpbin.full from now on; the last command then ends with 000 and exit code 56:
                  kubectl --kubeconfig %1$s/kubeconfig apply -f samples/policies/strict.yaml
                  kubectl --kubeconfig %1$s/kubeconfig wait --for=condition=Distributed policies/httpbin -n full

                Addresses: %1$s/env   Logs: %1$s/logs""".formatted(where.shown(), where.flag());
    }
}
