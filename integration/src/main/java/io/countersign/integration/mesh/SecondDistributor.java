package io.countersign.integration.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.regex.Pattern;

/// A second config-distributor of a running mesh: configured as the first, but for its ports and the folder of its
/// certificate.
public final class SecondDistributor implements AutoCloseable {
    private static final String FIRST = "config-distributor";
    private static final String SECOND = "config-distributor-2";
    private static final int FIRST_HEALTH_PORT = 7444;
    private static final int PORT = 7453;
    private static final int HEALTH_PORT = 7454;
    private static final Pattern ROLE = Pattern.compile("\"role\": *\"([^\"]*)\"");

    private final RunningMesh mesh;
    private final SideProcess process;

    private SecondDistributor(RunningMesh mesh, SideProcess process) {
        this.mesh = mesh;
        this.process = process;
    }

    /// Starts it; does not wait for anything.
    public static SecondDistributor start(RunningMesh mesh) {
        try {
            return new SecondDistributor(mesh, launch(mesh));
        } catch (IOException e) {
            throw new UncheckedIOException("second distributor", e);
        }
    }

    /// What it does: `publishes`, `stands by`, or nothing while it is not ready.
    public String role() {
        return role(mesh, HEALTH_PORT);
    }

    /// What the first one does.
    public static String roleOfFirst(RunningMesh mesh) {
        return role(mesh, FIRST_HEALTH_PORT);
    }

    /// Ends it as SIGTERM does.
    @Override
    public void close() {
        process.close();
        try {
            Files.delete(mesh.configuration(SECOND));
        } catch (IOException e) {
            throw new UncheckedIOException("configuration of " + SECOND, e);
        }
    }

    private static SideProcess launch(RunningMesh mesh) throws IOException {
        var certificates = mesh.certificates(SECOND);
        Files.createDirectories(certificates);
        try (var files = Files.list(mesh.certificates(FIRST))) {
            for (var file : files.toList()) {
                copy(file, certificates.resolve(file.getFileName()));
            }
        }
        var configuration = mesh.configuration(SECOND);
        copy(mesh.configuration(FIRST), configuration);
        RunningMesh.append(
                configuration,
                "quarkus.http.ssl-port=" + PORT,
                "quarkus.management.port=" + HEALTH_PORT,
                "countersign.identity.directory=" + certificates);
        return SideProcess.java(
                mesh,
                SECOND,
                Map.of("QUARKUS_CONFIG_LOCATIONS", configuration.toString()),
                "-jar",
                mesh.home()
                        .resolve(FIRST + "/target/quarkus-app/quarkus-run.jar")
                        .toString());
    }

    /// With its owner and permissions.
    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static String role(RunningMesh mesh, int port) {
        var health = mesh.curl("http://" + mesh.control() + ":" + port + "/q/health/ready");
        return ROLE.matcher(health.output())
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElse("");
    }
}
