package io.countersign.integration.mesh;

import io.countersign.integration.traffic.HttpAnswer;
import io.countersign.integration.traffic.SteadyTraffic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Sets of sample workloads and their control plane, started by the launcher behind `./dev up` on addresses of their
/// own, and stopped by it.
public final class RunningMesh implements AutoCloseable {
    private static final Duration UP_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration COMMAND_TIMEOUT = Duration.ofMinutes(1);
    private static final int PORT = 8000;
    private static final int OUTBOUND_PORT = 15_001;

    private final Path home;
    private final Path state;
    private final String network;

    private RunningMesh(Path home, Path state, String network) {
        this.home = home;
        this.state = state;
        this.network = network;
    }

    /// Starts a mesh; returns when it is ready.
    ///
    /// @param name of the folder of its state, which is kept for its logs
    /// @param network the first two octets of its addresses, 127.N: no two running meshes share them
    /// @param options of `./dev up`, as `--samples`
    public static RunningMesh start(String name, String network, String... options) {
        var home = home();
        var mesh = new RunningMesh(home, home.resolve("integration/target/mesh").resolve(name), network);
        var command = new ArrayList<>(List.of("up", "--detach", "--network", network));
        command.addAll(List.of(options));
        mesh.launcher(UP_TIMEOUT, command).orFail();
        return mesh;
    }

    /// `kubectl` with the mesh's own credentials.
    public Command.Result kubectl(String... arguments) {
        return kubectlWith("", arguments);
    }

    /// `kubectl apply -f -` of a manifest in a namespace.
    public Command.Result apply(String namespace, String manifest) {
        return kubectlWith(manifest, "apply", "-n", namespace, "-f", "-");
    }

    /// `kubectl wait --for=condition=Distributed`; fails when it is not in force in half a minute.
    public void awaitDistributed(String namespace, String kindAndName) {
        kubectl("wait", "--for=condition=Distributed", "--timeout=30s", kindAndName, "-n", namespace)
                .orFail();
    }

    /// `./dev exec WORKLOAD/app|proxy -- …`.
    public Command.Result exec(String place, String... command) {
        var all = new ArrayList<>(
                List.of(home.resolve("dev").toString(), "exec", "--state", state.toString(), place, "--"));
        all.addAll(List.of(command));
        return Command.run(home, COMMAND_TIMEOUT, "", all);
    }

    /// What a meshed workload's application asks of a URL, through its proxy.
    public SteadyTraffic.Request asApp(String workload, String url, Predicate<HttpAnswer> expected) {
        var host = URI.create(url).getAuthority();
        return new SteadyTraffic.Request(new InetSocketAddress(address(workload), OUTBOUND_PORT), url, host, expected);
    }

    /// What anybody asks of a workload, without a proxy.
    public SteadyTraffic.Request direct(String workload, String path, Predicate<HttpAnswer> expected) {
        return new SteadyTraffic.Request(
                new InetSocketAddress(address(workload), PORT), path, workload + ":" + PORT, expected);
    }

    public String address(String workload) {
        var line = "ADDRESS_" + workload.replaceAll("[.-]", "_") + "='([0-9.]+)'";
        return Pattern.compile(line)
                .matcher(environment())
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("workload: " + workload + " (expected: one that runs)"));
    }

    /// Where the control plane listens.
    public String control() {
        return network + ".0.1";
    }

    /// The folder of a workload's certificates.
    public Path certificates(String workload) {
        return state.resolve("workloads").resolve(workload).resolve("certs");
    }

    public Path state() {
        return state;
    }

    /// Ends one part as SIGTERM or SIGKILL does, and waits until it is gone.
    public void stop(String part, boolean kill) {
        launcher(COMMAND_TIMEOUT, kill ? List.of("stop", "--kill", part) : List.of("stop", part))
                .orFail();
    }

    /// Starts a part that was stopped, and waits until it is ready.
    public void start(String part) {
        launcher(COMMAND_TIMEOUT, List.of("start", part)).orFail();
    }

    @Override
    public void close() {
        launcher(COMMAND_TIMEOUT, List.of("down")).orFail();
    }

    private Command.Result kubectlWith(String input, String... arguments) {
        var command = new ArrayList<>(
                List.of("kubectl", "--kubeconfig", state.resolve("kubeconfig").toString()));
        command.addAll(List.of(arguments));
        return Command.run(home, COMMAND_TIMEOUT, input, command);
    }

    private Command.Result launcher(Duration timeout, List<String> arguments) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of(
                java,
                "-jar",
                home.resolve("deploy/local/target/local.jar").toString(),
                arguments.getFirst(),
                "--home",
                home.toString(),
                "--state",
                state.toString()));
        command.addAll(arguments.subList(1, arguments.size()));
        return Command.run(home, timeout, "", command);
    }

    private String environment() {
        try {
            return Files.readString(state.resolve("env"));
        } catch (IOException e) {
            throw new UncheckedIOException("addresses of the mesh", e);
        }
    }

    private static Path home() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("dev"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("no folder above this one holds ./dev");
            }
        }
        return folder;
    }
}
