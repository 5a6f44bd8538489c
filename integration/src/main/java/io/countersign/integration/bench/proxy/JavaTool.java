package io.countersign.integration.bench.proxy;

import io.countersign.integration.mesh.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The JDK's `jcmd`, which asks a running JVM for something.
final class JavaTool {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");

    private JavaTool() {}

    /// What is alive on the heap, in bytes, of one moment whatever is under way.
    static long liveHeap(long pid) {
        return TOTAL.matcher(jcmd(pid, "GC.class_histogram"))
                .results()
                .mapToLong(total -> Long.parseLong(total.group(1)))
                .sum();
    }

    static String jcmd(long pid, String... arguments) {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid)));
        command.addAll(List.of(arguments));
        return Command.run(Path.of("."), LIMIT, "", Cores.load(command)).orFail();
    }
}
