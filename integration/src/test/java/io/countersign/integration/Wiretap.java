package io.countersign.integration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.countersign.integration.mesh.Lifeline;
import io.countersign.integration.mesh.RunningMesh;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;

/// What crosses the bridge between pods, as tcpdump sees it.
final class Wiretap implements AutoCloseable {
    private final RunningMesh mesh;
    private final Path file;
    private final Process tcpdump;

    private Wiretap(RunningMesh mesh, Path file, Process tcpdump) {
        this.mesh = mesh;
        this.file = file;
        this.tcpdump = tcpdump;
    }

    /// Begins to listen.
    static Wiretap on(RunningMesh mesh) {
        var file = mesh.state().resolve("bridge.pcap");
        try {
            // In immediate mode each packet has a slot of the size of the largest: the usual buffer has some 32.
            var tcpdump =
                    Lifeline.start(command("-i", mesh.bridge(), "--immediate-mode", "-B", "65536", "-U", "-w", "-")
                            .redirectOutput(Redirect.to(file.toFile())));
            var errors = new BufferedReader(tcpdump.errorReader());
            var said = new ArrayList<String>();
            for (var line = errors.readLine(); line != null; line = errors.readLine()) {
                said.add(line);
                if (line.contains("listening on")) {
                    return new Wiretap(mesh, file, tcpdump);
                }
            }
            throw new IllegalStateException("tcpdump: " + said);
        } catch (IOException e) {
            throw new UncheckedIOException("tcpdump cannot be run; .ci/run installs it", e);
        }
    }

    /// Every byte that two workloads exchanged until now.
    String between(String one, String other) {
        awaitAllThatCrossed();
        try {
            var process = command(
                            "-r",
                            file.toString(),
                            "-w",
                            "-",
                            "host",
                            mesh.address(one),
                            "and",
                            "host",
                            mesh.address(other))
                    .redirectError(Redirect.DISCARD)
                    .start();
            return new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("tcpdump", e);
        }
    }

    @Override
    public void close() {
        tcpdump.destroy();
        tcpdump.onExit().join();
    }

    /// Packets are written one after another: when the last request is there, those before it are.
    private void awaitAllThatCrossed() {
        var mark = "/status/200?" + UUID.randomUUID();
        mesh.exec("sleep.legacy/app", "curl", "-s", "http://httpbin.legacy:8000" + mark)
                .orFail();
        Awaitility.await().until(() -> Files.readString(file, ISO_8859_1).contains(mark));
    }

    private static ProcessBuilder command(String... arguments) {
        var command = new ArrayList<>(List.of("tcpdump", "-n", "-s", "0", "-Z", "root"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
