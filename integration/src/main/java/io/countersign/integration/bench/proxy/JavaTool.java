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

    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

    private JavaTool() {}

    /// What is alive on the heap, in bytes.
    static long liveHeap(long pid) {
        jcmd(pid, "GC.run");
        return USED.matcher(jcmd(pid, "GC.heap_info"))
                .results()
                .mapToLong(used -> Long.parseLong(used.group(1)) << 10)
                .sum();
    }

    static String jcmd(long pid, String... arguments) {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid)));
        command.addAll(List.of(arguments));
        return Command.run(Path.of("."), LIMIT, "", Cores.load(command)).orFail();
    }
}
