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
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What a sidecar costs, beside nginx and HAProxy as its peers: two real nodes of a real mesh, each proxy with one
/// thread on one core, load and backend on the other.
final class ProxyBench implements AutoCloseable {
    private static final int UNUSABLE = 2;
    /// Profiles the sidecars after each row of traffic.
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
        MEMORY
    }

    private static final Set<Rows> HTTP = EnumSet.of(Rows.L7, Rows.HANDSHAKES, Rows.SWAPS);
    /// What leads connections elsewhere.
    private static final Set<Rows> OWN_NETWORK = EnumSet.of(Rows.L4, Rows.BULK);

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
        if (rows.stream().anyMatch(OWN_NETWORK::contains) && !OwnNetwork.isInside()) {
            System.exit(OwnNetwork.run(ProxyBench.class, List.of(arguments)));
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
        if (rows.stream().anyMatch(HTTP::contains)) {
            httpRows();
        }
        if (rows.stream().anyMatch(OWN_NETWORK::contains)) {
            tcpRows();
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
        print();
    }

    private void httpRows() throws IOException, InterruptedException {
        try (var node = sidecars.pair();
                var nginx = peers.nginx();
                var haproxy = peers.haproxy()) {
            var pairs = List.of(node, nginx, haproxy);
            if (rows.contains(Rows.L7)) {
                say("HTTP/1.1");
                measure(TrafficRow.HTTP1, pairs);
            }
            if (rows.contains(Rows.HANDSHAKES)) {
                say("handshakes");
                lines.addAll(HandshakeRow.run(pairs));
                if (profile) {
                    say("profile");
                    NodeProfile.print(
                            Map.of("server", node.server()), directory, time -> HandshakeRow.load(node, time));
                }
            }
            if (rows.contains(Rows.SWAPS)) {
                say("swaps");
                TrafficRow.HTTP1.warm(node);
                lines.addAll(new SwapRows(node, sidecars, peers, List.of(nginx, haproxy)).run());
            }
        }
    }

    private void tcpRows() throws IOException, InterruptedException {
        try (var started = sidecars.pair();
                var nginx = peers.nginxTcp();
                var haproxy = peers.haproxyTcp()) {
            var pairs = List.of(started.at(sidecars.tcpEntry()), nginx, haproxy);
            if (rows.contains(Rows.L4)) {
                say("TCP, small requests");
                measure(TrafficRow.TCP, pairs);
            }
            if (rows.contains(Rows.BULK)) {
                say("TCP, bulk");
                measure(TrafficRow.BULK, pairs);
            }
        }
    }

    private void measure(TrafficRow row, List<Pair> pairs) throws IOException, InterruptedException {
        lines.add(row.run(pairs));
        if (profile) {
            say("profile");
            var node = pairs.getFirst();
            NodeProfile.print(node.proxies(), directory, time -> row.load(node, time));
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
