package io.countersign.local;

import io.countersign.local.control.Kubectl;
import io.countersign.local.control.Kubectl.Outcome;
import io.countersign.local.plan.LocalNetwork;
import io.countersign.local.plan.MeshOptions;
import io.countersign.local.plan.SampleService;
import io.countersign.local.plan.StateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The samples' resources, applied with kubectl as a user would. A copy of each file that is applied stays in the state
/// folder.
final class SampleManifests {

    private static final Duration APPLY_LIMIT = Duration.ofMinutes(2);

    private static final Duration ASK_LIMIT = Duration.ofSeconds(10);

    private static final String PROBE = "launch-probe";
    private static final int PORTS = 65_535;

    private final MeshOptions options;
    private final StateFolder state;
    private final Kubectl kubectl;

    SampleManifests(MeshOptions options) {
        this.options = options;
        this.state = options.state();
        this.kubectl = new Kubectl(state);
    }

    /// Applies the files of the chosen sets, and with them a change that no earlier start has brought; what an earlier
    /// start applied of other sets is deleted.
    void apply() {
        var samples = Stream.concat(
                        Stream.of("mesh.yaml"), options.samples().stream().flatMap(set -> set.manifests().stream()))
                .map(this::onThisNetwork)
                .toList();
        var wanted = Stream.concat(samples.stream(), Stream.of(probe())).toList();
        var unwanted = copies().filter(file -> !wanted.contains(file)).toList();
        if (!unwanted.isEmpty()) {
            run(
                    "the samples of the last start are not deleted",
                    unwanted,
                    "delete",
                    "--ignore-not-found",
                    "--wait=false");
            unwanted.forEach(SampleManifests::delete);
        }
        run("the samples' manifests are not accepted", wanted, "apply");
    }

    /// Waits until every node says that it has the mesh's policy and the workloads in force. What was said of them may
    /// be from before a crash: that a change comes through, [#awaitChange] tells.
    void awaitDistributed(Duration limit) {
        Outcome outcome = await(limit, "meshpolicies,services,workloadentries", "--selector", "app!=" + PROBE);
        require(outcome, "the samples are not in force on every node");
    }

    /// Waits until the change of this start is in force on every node.
    ///
    /// @return why it is not, where there are nodes that this mesh does not start: nobody waits for those
    Optional<String> awaitChange(Duration limit) {
        boolean through = await(limit, "services", "--selector", "app=" + PROBE).exitCode() == 0;
        Optional<String> reason = through ? Optional.empty() : Optional.of(whyNot());
        Path file = state.manifests().resolve(PROBE + ".yaml");
        run("the launcher's probe is not deleted", List.of(file), "delete", "--wait=false");
        delete(file);
        return reason;
    }

    private Outcome await(Duration limit, String... what) {
        var arguments = new ArrayList<>(List.of(
                "wait",
                "--for=condition=Distributed",
                "--timeout=" + Math.max(1, limit.toSeconds()) + "s",
                "--all-namespaces"));
        arguments.addAll(List.of(what));
        return kubectl.run(limit.plusSeconds(2), arguments.toArray(String[]::new));
    }

    private String whyNot() {
        return kubectl.run(
                        ASK_LIMIT,
                        "get",
                        "service/" + PROBE,
                        "--namespace=istio-system",
                        "--output=jsonpath={.status.conditions[?(@.type==\"Distributed\")].message}")
                .output()
                .strip();
    }

    /// A service that nobody has, of another port each time, so that it is a new generation even where an earlier start
    /// left it.
    private Path probe() {
        Path file = state.manifests().resolve(PROBE + ".yaml");
        long port = 1 + Instant.now().getEpochSecond() % PORTS;
        state.write(file, """
                apiVersion: v1
                kind: Service
                metadata:
                  name: launch-probe
                  namespace: istio-system
                  labels:
                    app: launch-probe
                spec:
                  selector:
                    app: launch-probe
                  ports:
                  - name: http
                    port: %d
                """.formatted(port));
        return file;
    }

    private void run(String failure, Collection<Path> files, String... command) {
        var arguments = new ArrayList<>(List.of(command));
        files.forEach(file -> arguments.addAll(List.of("-f", file.toString())));
        require(kubectl.run(APPLY_LIMIT, arguments.toArray(String[]::new)), failure);
    }

    /// The files are written for the default network; the copy has this one's addresses.
    private Path onThisNetwork(String file) {
        Path copy = state.manifests().resolve(file);
        String text = state.read(options.home().resolve("samples/manifests").resolve(file));
        String moved = text.replace(
                LocalNetwork.DEFAULT.prefix() + ".", options.network().prefix() + ".");
        state.write(copy, options.network().pods() ? withAddresses(moved) : moved);
        return copy;
    }

    /// Gives services the addresses that pods know them by.
    private String withAddresses(String manifests) {
        String text = manifests;
        for (SampleService service : SampleService.of(options)) {
            text = text.replaceFirst(
                    "(kind: Service\nmetadata:\n  name: %s\n  namespace: %s\n(?:  .*\n)*spec:\n)"
                            .formatted(service.name(), service.namespace()),
                    "$1  clusterIP: " + options.network().address(service) + "\n");
        }
        return text;
    }

    private Stream<Path> copies() {
        try (var files = Files.list(state.manifests())) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException("folder of manifests " + state.manifests(), e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("manifest " + file, e);
        }
    }

    private static void require(Outcome outcome, String sentence) {
        if (outcome.exitCode() != 0) {
            throw new IllegalStateException(
                    sentence + "; kubectl said:\n" + outcome.output().strip());
        }
    }
}
