package io.countersign.integration.bench.proxy;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What a sidecar costs, beside nginx and HAProxy as its peers: two real nodes of a real mesh, each proxy with one
/// thread on one core, load and backend on the other.
final class ProxyBench implements AutoCloseable {
    private static final int UNUSABLE = 2;
    /// Profiles both sidecars after the row `l7`.
    private static final String PROFILE = "--profile";
    private static final List<String> PROGRAMS = List.of("wrk", "nginx", "haproxy", "taskset");
    private static final String NETWORK = "127.35";

    /// What can be selected.
    private enum Rows {
        L7,
        L4,
        BULK,
        HANDSHAKES,
        SWAPS,
        START,
        MEMORY,
        SNI
    }

    private final List<Rows> rows;
    private final boolean profile;
    private final Path directory;
    private final Peers peers;
    private final Sidecars sidecars;
    private final List<Line> lines = new ArrayList<>();

    private ProxyBench(List<Rows> rows, boolean profile, Path directory) throws IOException {
        this.rows = rows;
        this.profile = profile;
        this.directory = directory;
        this.peers = new Peers(directory, NETWORK + ".9.1");
        say("starting a mesh of its own");
        this.sidecars = Sidecars.start(directory, NETWORK, peers.backendAddress());
        Cores.toLoad(ProcessHandle.current().pid());
    }

    public static void main(String[] arguments) throws Exception {
        var options = new ArrayList<>(List.of(arguments));
        var profile = options.remove(PROFILE);
        var rows = rows(options);
        var missing = PROGRAMS.stream().filter(program -> !isOnPath(program)).toList();
        if (rows.isEmpty() || !missing.isEmpty() || Runtime.getRuntime().availableProcessors() < 2) {
            System.err.println("usage: ./dev bench proxy [--rows " + String.join(",", names()) + "] [--profile]");
            System.err.println(
                    missing.isEmpty() ? "it needs two cores" : "not on the PATH: " + String.join(", ", missing));
            System.exit(UNUSABLE);
        }
        var directory = Files.createTempDirectory(
                Files.createDirectories(Path.of("integration/target/bench").toAbsolutePath()), "proxy");
        try (var bench = new ProxyBench(rows, profile, directory)) {
            bench.run();
        }
        System.exit(0);
    }

    @Override
    public void close() {
        sidecars.close();
        peers.close();
    }

    private void run() throws IOException, InterruptedException {
        if (rows.stream().anyMatch(row -> row.compareTo(Rows.START) < 0)) {
            warmRows();
        }
        if (rows.contains(Rows.START)) {
            say("starts");
            lines.addAll(new StartRows(sidecars).run());
        }
        if (rows.contains(Rows.MEMORY)) {
            say("memory");
            try (var node = sidecars.pair();
                    var nginx = peers.nginx();
                    var haproxy = peers.haproxy()) {
                lines.addAll(new MemoryRows().run(List.of(node, nginx, haproxy)));
            }
        }
        if (rows.contains(Rows.SNI)) {
            lines.add(Line.missing("one more host by SNI"));
        }
        print();
    }

    private void warmRows() throws IOException, InterruptedException {
        try (var node = sidecars.pair();
                var nginx = peers.nginx();
                var haproxy = peers.haproxy()) {
            var pairs = List.of(node, nginx, haproxy);
            if (rows.contains(Rows.L7)) {
                say("HTTP/1.1");
                lines.add(TrafficRows.http1(pairs));
                if (profile) {
                    say("profile");
                    NodeProfile.print(node, directory);
                }
            }
            if (rows.contains(Rows.L4)) {
                lines.add(Line.missing("TCP, small requests"));
            }
            if (rows.contains(Rows.BULK)) {
                lines.add(Line.missing("TCP, bulk"));
            }
            if (rows.contains(Rows.HANDSHAKES)) {
                say("handshakes");
                lines.add(HandshakeRow.run(pairs));
            }
            if (rows.contains(Rows.SWAPS)) {
                say("swaps");
                TrafficRows.warm(node);
                lines.addAll(new SwapRows(node, sidecars.bus()).run());
            }
        }
    }

    private void print() {
        System.out.printf(
                Locale.ROOT,
                "%n%s, load of the machine %.1f%n%n",
                LocalDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MINUTES),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        System.out.println(Line.header());
        lines.forEach(line -> System.out.println(line.row()));
    }

    private static List<Rows> rows(List<String> options) {
        if (options.isEmpty()) {
            return List.of(Rows.values());
        }
        if (options.size() != 2 || !options.getFirst().equals("--rows")) {
            return List.of();
        }
        var wanted = List.of(options.getLast().split(",", -1));
        return names().containsAll(wanted)
                ? wanted.stream()
                        .map(name -> Rows.valueOf(name.toUpperCase(Locale.ROOT)))
                        .toList()
                : List.of();
    }

    private static List<String> names() {
        return Arrays.stream(Rows.values())
                .map(row -> row.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static void say(String what) {
        System.err.println(what + " …");
    }
}
