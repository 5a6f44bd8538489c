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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/// The samples' resources, applied with kubectl as a user would. A copy of each file that is applied stays in the state
/// folder.
final class SampleManifests {

    private static final Duration APPLY_LIMIT = Duration.ofMinutes(2);

    private final MeshOptions options;
    private final StateFolder state;
    private final Kubectl kubectl;

    SampleManifests(MeshOptions options) {
        this.options = options;
        this.state = options.state();
        this.kubectl = new Kubectl(state);
    }

    /// Applies the files of the chosen sets; what an earlier start applied of other sets is deleted.
    void apply() {
        var wanted = Stream.concat(
                        Stream.of("mesh.yaml"), options.samples().stream().flatMap(set -> set.manifests().stream()))
                .map(this::onThisNetwork)
                .toList();
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

    /// Waits until every node says that it has the mesh's policy and the workloads in force.
    void awaitDistributed(Duration limit) {
        Outcome outcome = kubectl.run(
                limit.plusSeconds(1),
                "wait",
                "--for=condition=Distributed",
                "--timeout=" + Math.max(1, limit.toSeconds()) + "s",
                "meshpolicies,services,workloadentries",
                "--all",
                "--all-namespaces");
        require(outcome, "the samples are not in force on every node");
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
