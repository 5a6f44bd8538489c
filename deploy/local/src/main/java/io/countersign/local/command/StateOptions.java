package io.countersign.local.command;

import io.countersign.local.LocalMesh;
import io.countersign.local.plan.LocalNetwork;
import io.countersign.local.plan.MeshOptions;
import io.countersign.local.plan.SampleSet;
import io.countersign.local.plan.StateFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which mesh a command is about.
final class StateOptions {

    private static final Pattern VARIABLE = Pattern.compile("COUNTERSIGN_([A-Z]+)='([^']*)'");

    @Option(names = "--home", hidden = true, defaultValue = ".", description = "The folder of the build.")
    private Path home = Path.of(".");

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where the mesh keeps everything (default: .countersign).")
    private @Nullable Path state;

    Path home() {
        return home.toAbsolutePath().normalize();
    }

    /// The state folder as people write it.
    String shown() {
        return state == null ? ".countersign" : state.toString();
    }

    /// What makes the other commands find this mesh; empty for the default.
    String flag() {
        return state == null ? "" : " --state " + state;
    }

    StateFolder state() {
        Path folder = state == null ? home().resolve(".countersign") : state;
        return new StateFolder(folder.toAbsolutePath().normalize());
    }

    /// The mesh that was started in the state folder.
    LocalMesh required() {
        return recorded()
                .map(LocalMesh::new)
                .orElseThrow(() -> new IllegalStateException("no mesh was started in " + shown()));
    }

    /// The options of the mesh that was started in the state folder; empty when none ever was.
    Optional<MeshOptions> recorded() {
        StateFolder folder = state();
        if (!Files.exists(folder.env())) {
            return Optional.empty();
        }
        Map<String, String> values = VARIABLE.matcher(folder.read(folder.env()))
                .results()
                .collect(Collectors.toMap(variable -> variable.group(1), variable -> variable.group(2)));
        var network = new LocalNetwork(values.getOrDefault("NETWORK", ""));
        Set<SampleSet> samples = Stream.of(
                        values.getOrDefault("SAMPLES", "httpbin").split(","))
                .map(name -> SampleSet.valueOf(name.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toSet());
        var lifetime = Optional.ofNullable(values.get("LIFETIME")).map(Duration::parse);
        return Optional.of(new MeshOptions(
                home(),
                folder,
                network,
                samples,
                lifetime.orElse(MeshOptions.DEFAULT_SVID_LIFETIME),
                MeshOptions.DEFAULT_TIMEOUT,
                Optional.empty()));
    }
}
