package io.countersign.local.command;

import io.countersign.local.plan.LocalNetwork;
import io.countersign.local.plan.MeshOptions;
import io.countersign.local.plan.StateFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which mesh a command is about.
final class StateOptions {

    private static final Pattern NETWORK = Pattern.compile("COUNTERSIGN_NETWORK='([0-9.]+)'");

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

    /// The options of the mesh that was started in the state folder.
    MeshOptions required() {
        return recorded().orElseThrow(() -> new IllegalStateException("no mesh was started in " + shown()));
    }

    /// The options of the mesh that was started in the state folder; empty when none ever was.
    Optional<MeshOptions> recorded() {
        StateFolder folder = state();
        if (!Files.exists(folder.env())) {
            return Optional.empty();
        }
        Matcher matcher = NETWORK.matcher(folder.read(folder.env()));
        if (!matcher.find()) {
            return Optional.empty();
        }
        return Optional.of(MeshOptions.of(home(), folder, new LocalNetwork(matcher.group(1))));
    }
}
