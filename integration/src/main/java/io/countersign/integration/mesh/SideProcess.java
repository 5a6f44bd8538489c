package io.countersign.integration.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A program beside those that the launcher started, with its output in the mesh's logs.
public final class SideProcess implements AutoCloseable {
    private final Process process;

    private SideProcess(Process process) {
        this.process = process;
    }

    /// httpbin at a workload's advertised address, where its proxy would be; does not wait until it listens.
    public static SideProcess httpbin(RunningMesh mesh, String workload) {
        return java(
                mesh,
                workload + "-unmeshed",
                Map.of(),
                "-cp",
                mesh.home().resolve("samples/target/samples.jar").toString(),
                "io.countersign.samples.Httpbin",
                mesh.address(workload),
                Integer.toString(RunningMesh.PORT));
    }

    static SideProcess java(RunningMesh mesh, String name, Map<String, String> environment, String... arguments) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx96m"));
        command.addAll(List.of(arguments));
        var log = mesh.state().resolve("logs").resolve(name + ".log");
        var builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            return new SideProcess(Lifeline.start(builder));
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /// Ends it as SIGTERM does.
    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
