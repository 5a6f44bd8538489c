package io.countersign.local;

import io.countersign.local.plan.LocalNetwork;
import io.countersign.local.plan.MeshOptions;
import io.countersign.local.plan.MeshPlan;
import io.countersign.local.plan.PodScripts;
import io.countersign.local.plan.StateFolder;
import io.countersign.local.process.Part;
import io.countersign.local.process.Part.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The network namespaces of a mesh of pods: made and removed as one, and who may read what in them.
final class PodNetwork {

    /// As whom a sidecar runs, whose connections are not captured.
    private static final int PROXY_ID = 1337;

    /// As whom an application runs: nobody.
    private static final int APP_ID = 65_534;

    private final MeshOptions options;
    private final LocalNetwork network;
    private final StateFolder state;

    PodNetwork(MeshOptions options) {
        this.options = options;
        this.network = options.network();
        this.state = options.state();
    }

    /// Refuses, and says what to do, where pods cannot be made: they need root, some programs, and addresses that
    /// nobody else has.
    void requireUsable() {
        var missing = Stream.of("ip", "iptables-restore", "ip6tables-restore", "setpriv")
                .filter(program -> run("command -v " + program).exitCode() != 0)
                .toList();
        require(
                missing.isEmpty(),
                "not on the PATH: %s; install iproute2, iptables and util-linux".formatted(String.join(", ", missing)));
        require(owner(Path.of("/proc/self")) == 0, "pods are network namespaces, which only root may make");
        for (Path file : List.of(jar(), java(), state.root().resolve("."))) {
            String folder = file.resolveSibling(".").toString();
            require(
                    run("setpriv --reuid %1$d --regid %1$d --clear-groups test -e '%2$s'".formatted(APP_ID, folder))
                                    .exitCode()
                            == 0,
                    folder + ": only root gets there (expected: folders that every user may enter)");
        }
        Path alias = Path.of("/sys/class/net", network.bridge(), "ifalias");
        String holder =
                Files.exists(alias) ? state.read(alias).strip() : state.root().toString();
        require(
                holder.equals(state.root().toString()),
                "network " + network.prefix() + ": taken by the mesh in " + holder
                        + "; stop it, or choose other addresses with --network 10.N");
        requireFree();
    }

    /// Makes bridge, namespaces, links and rules; [#down] removes what there is.
    void up() {
        orFail(PodScripts.up(
                options,
                "'%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' io.countersign.proxy.capture.CaptureCommand apply --dry-run"
                        .formatted(java(), jar())));
    }

    void down() {
        orFail(PodScripts.down(network));
    }

    /// Makes the part's files those of the user as whom it runs.
    void handOver(Part part) {
        if (part.kind() != Kind.NODE) {
            return;
        }
        String id = part.name().replaceFirst("-proxy$", "");
        for (Path file : List.of(
                state.configuration(part.name()),
                state.busProperties("node-" + id),
                state.joinToken(id),
                state.workload(id))) {
            handOver(file);
        }
        handOverFolder(state.certificates(id));
        MeshPlan.nodeArchives(options).ifPresent(this::handOverFolder);
    }

    private void handOverFolder(Path folder) {
        try {
            handOver(Files.createDirectories(folder));
        } catch (IOException e) {
            throw new UncheckedIOException("folder " + folder, e);
        }
    }

    private void handOver(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Files.setAttribute(file, "unix:uid", PROXY_ID);
                Files.setAttribute(file, "unix:gid", PROXY_ID);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("owner of " + root, e);
        }
    }

    /// An address of the machine in the mesh's range would be out of reach.
    private void requireFree() {
        try {
            NetworkInterface.networkInterfaces()
                    .filter(device -> !device.getName().equals(network.bridge()))
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address.getHostAddress().startsWith(network.prefix() + "."))
                    .findFirst()
                    .ifPresent(address -> require(
                            false,
                            "network " + network.prefix() + ": this machine has " + address.getHostAddress()
                                    + " (expected: others' with --network 10.N)"));
        } catch (IOException e) {
            throw new UncheckedIOException("addresses of this machine", e);
        }
    }

    private Path jar() {
        return options.home().resolve("proxy-node/target/proxy-node.jar");
    }

    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    private static int owner(Path file) {
        try {
            return (int) Files.getAttribute(file, "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException("owner of " + file, e);
        }
    }

    private record Outcome(int exitCode, String output) {}

    private static void orFail(String script) {
        var outcome = run(script);
        require(
                outcome.exitCode() == 0,
                "the pods' network: " + outcome.output().strip());
    }

    private static Outcome run(String script) {
        try {
            var process =
                    new ProcessBuilder("bash", "-s").redirectErrorStream(true).start();
            try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
                stdin.write(script);
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException("bash cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the pods' network changed");
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}
