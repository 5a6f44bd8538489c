package io.countersign.integration.bench.proxy;

import io.countersign.identity.IdentitySettings;
import io.countersign.identity.IssuedSvid;
import io.countersign.identity.SvidFiles;
import io.countersign.integration.bench.JoinTokens;
import io.countersign.integration.bench.MeasuredProcess;
import io.countersign.integration.mesh.RunningMesh;
import io.countersign.local.plan.MeshPlan;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.identity.TrustDomain;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The proxies of two workloads of a running mesh, started here in the place of the mesh's own: on one core, with one
/// event loop, and with the benchmark's backend as the server's application.
final class Sidecars implements AutoCloseable {
    private static final String CLIENT = "sleep.default";
    private static final String SERVER = "httpbin.default";
    private static final SpiffeId SERVER_ID =
            SpiffeId.ofServiceAccount(new TrustDomain("cluster.local"), "default", "default");
    private static final int PORT = 8000;
    private static final int OUTBOUND_PORT = 15_001;
    private static final long START_SECONDS = 60;

    /// Where the service for raw TCP is, and where connections to it are led.
    private static final String TCP_HOST = ".9.2";

    private static final int TCP_PORT = 9000;
    private static final int CAPTURED_PORT = 15_002;

    private final RunningMesh mesh;
    private final Path directory;
    private final String backend;
    private final String tcpAddress;

    private Sidecars(RunningMesh mesh, Path directory, String backend, String tcpAddress) {
        this.mesh = mesh;
        this.directory = directory;
        this.backend = backend;
        this.tcpAddress = tcpAddress;
    }

    /// Starts a mesh, without the proxies.
    static Sidecars start(Path directory, String network, String backend) throws IOException {
        var mesh = RunningMesh.start("bench-proxy", network, "--samples", "default");
        var tcpAddress = network + TCP_HOST;
        mesh.apply("default", tcpService(tcpAddress)).orFail();
        mesh.awaitDistributed("default", "service/raw");
        for (var part : List.of(CLIENT + "-proxy", SERVER + "-proxy", SERVER)) {
            mesh.stop(part, false);
        }
        try (var processes = Files.list(mesh.state().resolve("processes"))) {
            for (var file : processes.toList()) {
                Cores.toLoad(Long.parseLong(Files.readString(file).split(" ", -1)[1]));
            }
        }
        return new Sidecars(mesh, directory, backend, tcpAddress);
    }

    /// Starts both; returns when both are ready.
    ///
    /// @param flags more of their JVMs' flags
    Pair pair(String... flags) throws IOException {
        return new Pair(
                Line.NODE,
                ready(launch(CLIENT, List.of("countersign.proxy.outbound.captured=" + captured()), false, flags)),
                ready(launch(SERVER, toBackend(), false, flags)),
                mesh.address(CLIENT) + ":" + OUTBOUND_PORT,
                SERVER + ":" + PORT,
                serverAddress(),
                clientSvid());
    }

    /// Where raw TCP goes in that both proxies take as it is.
    String tcpEntry() {
        OwnNetwork.lead(tcpAddress, TCP_PORT, captured());
        return tcpAddress + ":" + TCP_PORT;
    }

    /// Starts the server's alone; does not wait until it is ready.
    ///
    /// @param writesCache whether it leaves the cache that later starts begin with, as the mesh's first proxy does
    MeasuredProcess launchServer(boolean writesCache) throws IOException {
        return launch(SERVER, toBackend(), writesCache);
    }

    InetSocketAddress serverAddress() {
        return new InetSocketAddress(mesh.address(SERVER), PORT);
    }

    String serverHost() {
        return SERVER + ":" + PORT;
    }

    /// With what a client proves itself to the server's proxy.
    IssuedSvid clientSvid() {
        return new SvidFiles(mesh.certificates(CLIENT)).read().orElseThrow();
    }

    /// What starts begin with, once a server's proxy has written it.
    Path cache() {
        return directory.resolve("proxy-node.aot");
    }

    /// Makes the next start of the server's proxy its first one: it has to ask for a certificate and for the config.
    void forgetServer() throws IOException {
        for (var folder : List.of(mesh.certificates(SERVER), state(SERVER))) {
            try (var files = Files.list(folder)) {
                for (var file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        try (var tokens = new JoinTokens(mesh, IdentitySettings.caOf(SERVER_ID))) {
            Files.writeString(mesh.state().resolve("secrets/join-token-" + SERVER), tokens.token(SERVER_ID, SERVER));
        }
    }

    /// What both have said.
    List<Path> logs() {
        return List.of(directory.resolve(CLIENT + ".log"), directory.resolve(SERVER + ".log"));
    }

    /// The bus as its administrator has it.
    Path bus() {
        return mesh.state().resolve("secrets/bus-admin.properties");
    }

    @Override
    public void close() {
        mesh.close();
    }

    private List<String> toBackend() {
        return List.of(
                "countersign.proxy.inbound.ports.\"" + PORT + "\"=" + backend,
                "countersign.proxy.inbound.ports.\"" + TCP_PORT + "\"=" + backend);
    }

    private static String tcpService(String address) {
        return """
            apiVersion: v1
            kind: Service
            metadata:
              name: raw
            spec:
              clusterIP: %s
              selector:
                app: httpbin
              ports:
              - name: tcp
                port: %d
            """.formatted(address, TCP_PORT);
    }

    private String captured() {
        return mesh.address(CLIENT) + ":" + CAPTURED_PORT;
    }

    private Path state(String workload) throws IOException {
        return Files.createDirectories(directory.resolve("state-" + workload));
    }

    private static MeasuredProcess ready(MeasuredProcess node) {
        node.announced().orTimeout(START_SECONDS, TimeUnit.SECONDS).join();
        return node;
    }

    private MeasuredProcess launch(String workload, List<String> settings, boolean writesCache, String... flags)
            throws IOException {
        var file = directory.resolve(workload + ".properties");
        var lines =
                new ArrayList<>(Files.readAllLines(mesh.state().resolve("secrets/" + workload + "-proxy.properties")));
        lines.add("countersign.node.event-loops=1");
        // They are started again from their disk.
        lines.add("countersign.node.leaves-when-stopped=false");
        // The peers have none either.
        lines.add("countersign.node.access-log=false");
        lines.add("countersign.node.state-directory=" + state(workload));
        lines.addAll(settings);
        Files.write(file, lines);
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(MeshPlan.proxyJvm(Optional.of(cache()), writesCache));
        command.addAll(List.of(flags));
        command.addAll(List.of(
                "-jar", mesh.home().resolve("proxy-node/target/proxy-node.jar").toString(), file.toString()));
        // To write the cache takes a JVM of its own, longer on one core than is waited for.
        return MeasuredProcess.start(
                writesCache ? command : Cores.proxy(command),
                Map.of(),
                "node ready",
                directory.resolve(workload + ".log"));
    }
}
