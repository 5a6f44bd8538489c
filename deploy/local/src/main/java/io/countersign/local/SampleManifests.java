package io.countersign.local;

import io.countersign.local.control.Kubectl;
import io.countersign.local.control.Kubectl.Outcome;
import io.countersign.local.plan.LocalNetwork;
import io.countersign.local.plan.MeshOptions;
import io.countersign.local.plan.StateFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The samples' resources, applied with kubectl as a user would.
final class SampleManifests {

    private static final Duration APPLY_LIMIT = Duration.ofSeconds(30);
    private static final List<String> FILES = List.of("mesh.yaml", "full.yaml", "partial.yaml", "legacy.yaml");

    private final MeshOptions options;
    private final Kubectl kubectl;

    SampleManifests(MeshOptions options) {
        this.options = options;
        this.kubectl = new Kubectl(options.state());
    }

    void apply() {
        var arguments = new ArrayList<>(List.of("apply"));
        for (String file : FILES) {
            arguments.add("-f");
            arguments.add(onThisNetwork(file).toString());
        }
        require(kubectl.run(APPLY_LIMIT, arguments.toArray(String[]::new)), "the samples' manifests are not accepted");
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

    /// The files are written for the default network; for another one a copy has its addresses.
    private Path onThisNetwork(String file) {
        StateFolder state = options.state();
        Path original = options.home().resolve("samples/manifests").resolve(file);
        if (options.network().equals(LocalNetwork.DEFAULT)) {
            return original;
        }
        Path copy = state.manifests().resolve(file);
        String text = state.read(original)
                .replace(LocalNetwork.DEFAULT.prefix() + ".", options.network().prefix() + ".");
        state.write(copy, text);
        return copy;
    }

    private static void require(Outcome outcome, String sentence) {
        if (!outcome.succeeded()) {
            throw new IllegalStateException(
                    sentence + "; kubectl said:\n" + outcome.output().strip());
        }
    }
}
