package io.countersign.integration.bench.proxy;

import io.countersign.integration.mesh.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The JDK's `jcmd`, which asks a running JVM for something.
final class JavaTool {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private JavaTool() {}

    static String jcmd(long pid, String... arguments) {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid)));
        command.addAll(List.of(arguments));
        return Command.run(Path.of("."), LIMIT, "", Cores.load(command)).orFail();
    }
}
