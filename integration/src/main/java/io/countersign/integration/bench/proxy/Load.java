package io.countersign.integration.bench.proxy;

import io.countersign.integration.mesh.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// wrk on the load's core.
///
/// @param connections kept open, each with one request at a time
/// @param fields of each request, as `Host: a`
record Load(int connections, Duration time, List<String> fields) {
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Pattern COUNT = Pattern.compile("(\\d+) requests in [^,]*, ([0-9.]+)([KMGT]?B) read");
    private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)");
    private static final Pattern SOCKETS =
            Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Pattern STATUSES = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

    /// What came of it.
    ///
    /// @param failed other answers than 2xx, and connections that failed
    record Outcome(long requests, double mebibytes, double p99Millis, long failed) {}

    static Load of(int connections, Duration time) {
        return new Load(connections, time, List.of());
    }

    Load with(String field) {
        var more = new ArrayList<>(fields);
        more.add(field);
        return new Load(connections, time, more);
    }

    /// Asks a pair of proxies for a path.
    Outcome on(Pair pair, String path) {
        return with("Host: " + pair.host()).on(pair.url(path));
    }

    Outcome on(String url) {
        var command = new ArrayList<String>();
        command.addAll(List.of("wrk", "-t1", "-c" + connections, "-d" + time.toSeconds() + "s", "--latency"));
        command.addAll(List.of("--timeout", "10s"));
        fields.forEach(field -> command.addAll(List.of("-H", field)));
        command.add(url);
        return outcome(Command.run(Path.of("."), time.plus(GRACE), "", Cores.load(command))
                .orFail());
    }

    private static Outcome outcome(String output) {
        var count = COUNT.matcher(output);
        var p99 = P99.matcher(output);
        if (!count.find() || !p99.find()) {
            throw new IllegalStateException("wrk said: " + output);
        }
        return new Outcome(
                Long.parseLong(count.group(1)),
                Double.parseDouble(count.group(2)) * mebibyte(count.group(3)),
                Double.parseDouble(p99.group(1)) * milli(p99.group(2)),
                sum(SOCKETS, output) + sum(STATUSES, output));
    }

    private static long sum(Pattern pattern, String output) {
        long sum = 0;
        var found = pattern.matcher(output);
        while (found.find()) {
            for (int i = 1; i <= found.groupCount(); i++) {
                sum += Long.parseLong(found.group(i));
            }
        }
        return sum;
    }

    private static double mebibyte(String unit) {
        return switch (unit) {
            case "B" -> 1 / 1024.0 / 1024.0;
            case "KB" -> 1 / 1024.0;
            case "MB" -> 1;
            case "GB" -> 1024;
            default -> 1024.0 * 1024.0;
        };
    }

    private static double milli(String unit) {
        return switch (unit) {
            case "us" -> 1e-3;
            case "ms" -> 1;
            default -> 1e3;
        };
    }
}
