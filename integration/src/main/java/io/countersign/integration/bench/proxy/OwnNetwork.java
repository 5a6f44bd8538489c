package io.countersign.integration.bench.proxy;

import io.countersign.integration.mesh.Command;
import io.countersign.integration.mesh.Lifeline;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A network namespace in which nothing but the benchmark is, so that it may lead connections elsewhere as a pod's
/// rules do. Needs root.
final class OwnNetwork {
    private static final String INSIDE = "BENCH_NETWORK";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private OwnNetwork() {}

    static boolean isInside() {
        return System.getenv(INSIDE) != null;
    }

    /// Runs this very program in a new one.
    ///
    /// @return its exit code
    static int run(Class<?> program, List<String> arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                "unshare",
                "--net",
                "sh",
                "-c",
                "ip link set lo up && exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(arguments);
        var inside = new ProcessBuilder(command).inheritIO();
        inside.environment().put(INSIDE, "1");
        return Lifeline.start(inside).waitFor();
    }

    /// Leads connections to one place to another.
    static void lead(String address, int port, String to) {
        if (!isInside()) {
            throw new IllegalStateException("the machine's own rules are not to be changed");
        }
        var rule = "iptables -w -t nat -A OUTPUT -p tcp -d %s --dport %d -j DNAT --to-destination %s"
                .formatted(address, port, to);
        Command.run(Path.of("."), LIMIT, "", List.of(rule.split(" ", -1))).orFail();
    }
}
