package io.countersign.integration.bench.proxy;

import io.countersign.integration.mesh.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Proxies have one core of two; load, backend and everything else have the other.
final class Cores {
    private static final List<String> LOAD = List.of("taskset", "-c", "0");

    private static final List<String> PROXY = List.of("taskset", "-c", "1");

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private Cores() {}

    static List<String> proxy(List<String> command) {
        return join(PROXY, command);
    }

    static List<String> load(List<String> command) {
        return join(LOAD, command);
    }

    /// Moves a running process with all of its threads to the load's core.
    static void toLoad(long pid) {
        Command.run(Path.of("."), LIMIT, "", List.of("taskset", "-a", "-p", "-c", "0", Long.toString(pid)))
                .orFail();
    }

    private static List<String> join(List<String> first, List<String> then) {
        var command = new ArrayList<>(first);
        command.addAll(then);
        return command;
    }
}
