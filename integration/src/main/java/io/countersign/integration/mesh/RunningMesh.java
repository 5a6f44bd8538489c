package io.countersign.integration.mesh;

import io.countersign.integration.traffic.HttpAnswer;
import io.countersign.integration.traffic.SteadyTraffic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Sets of sample workloads and their control plane, started by the launcher behind `./dev up` on addresses of their
/// own, and stopped by it; when this JVM is gone, by its supervisor.
public final class RunningMesh implements AutoCloseable {
    /// The machine may build something else at the same time.
    private static final Duration UP_TIMEOUT = Duration.ofMinutes(6);

    private static final String READY_TIMEOUT = "5m";
    private static final Duration COMMAND_TIMEOUT = Duration.ofMinutes(3);
    static final int PORT = 8000;
    private static final int OUTBOUND_PORT = 15_001;
    private static final int ADMIN_PORT = 15_000;

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
    /// @param network the first two octets of its addresses, 127.N, or 10.N with `--pods`
    /// @param options of `./dev up`, as `--samples`
    public static RunningMesh start(String name, String network, String... options) {
        var home = build();
        var mesh = new RunningMesh(home, home.resolve("integration/target/mesh").resolve(name), network);
        var command = new ArrayList<>(List.of("up", "--detach", "--network", network, "--timeout", READY_TIMEOUT));
        command.addAll(List.of("--with", Long.toString(ProcessHandle.current().pid())));
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

    /// `kubectl wait --for=condition=Distributed`; fails when it is not in force in two minutes.
    public void awaitDistributed(String namespace, String kindAndName) {
        kubectl("wait", "--for=condition=Distributed", "--timeout=2m", kindAndName, "-n", namespace)
                .orFail();
    }

    /// `./csign` with the mesh's own credentials.
    public Command.Result csign(String... arguments) {
        var command = new ArrayList<>(List.of(home.resolve("csign").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--kubeconfig", state.resolve("kubeconfig").toString()));
        return Command.run(home, COMMAND_TIMEOUT, "", command);
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
                .matcher(read(state.resolve("env")))
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("workload: " + workload + " (expected: one that runs)"));
    }

    /// The network interface that pods are plugged into.
    public String bridge() {
        return "csn" + network.substring(network.indexOf('.') + 1);
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

    /// Ends a part's process with SIGKILL, as if by itself: it is to be started again.
    public void crash(String part) {
        signal("-KILL", part);
    }

    /// Starts a part that was stopped, and waits until it is ready.
    public void start(String part) {
        launcher(COMMAND_TIMEOUT, List.of("start", part)).orFail();
    }

    /// Starts a part anew with other settings, each `key=value`.
    public void reconfigure(String part, String... settings) {
        stop(part, false);
        append(configuration(part), settings);
        start(part);
    }

    /// Makes a part's process do nothing, as one that hangs, until [#resume].
    public void suspend(String part) {
        signal("-STOP", part);
    }

    public void resume(String part) {
        signal("-CONT", part);
    }

    /// What a meshed workload's proxy says on its admin port.
    public String admin(String workload, String page) {
        return curl("http://" + address(workload) + ":" + ADMIN_PORT + page).orFail();
    }

    @Override
    public void close() {
        launcher(COMMAND_TIMEOUT, List.of("down")).orFail();
    }

    /// `curl` past every proxy and without the mesh's names.
    Command.Result curl(String url) {
        return Command.run(home, COMMAND_TIMEOUT, "", List.of("curl", "-s", "--noproxy", "*", url));
    }

    /// The folder of the build.
    public Path home() {
        return home;
    }

    /// The properties file of a part.
    Path configuration(String part) {
        return state.resolve("secrets").resolve(part + ".properties");
    }

    /// Of two lines with one key the last one holds.
    static void append(Path configuration, String... settings) {
        try {
            Files.writeString(configuration, String.join("\n", settings) + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("file " + configuration, e);
        }
    }

    private void signal(String signal, String part) {
        var fields = read(state.resolve("processes").resolve(part)).split(" ", -1);
        Command.run(home, COMMAND_TIMEOUT, "", List.of("kill", signal, fields[1]))
                .orFail();
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

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("file " + file, e);
        }
    }

    private static Path build() {
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
