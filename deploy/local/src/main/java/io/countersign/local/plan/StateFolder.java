package io.countersign.local.plan;

import io.countersign.local.process.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Where one mesh keeps everything: only its owner can look into it.
///
/// @param root an absolute path
public record StateFolder(Path root) {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Duration LOCK_POLL = Duration.ofMillis(50);

    public StateFolder {
        if (!root.isAbsolute()) {
            throw new IllegalArgumentException("state folder: " + root + " (expected: an absolute path)");
        }
    }

    /// Makes the folder and those in it.
    ///
    /// @param shared whether other users may pass on to files of theirs; they see nothing else
    public void create(boolean shared) {
        try {
            // Those above it are not the mesh's to close.
            Files.createDirectories(root.resolveSibling("."));
            Files.createDirectories(root, OWNER_ONLY_FOLDER);
            for (Path folder : List.of(logs(), data(), processes(), manifests(), secrets(), workloads())) {
                Files.createDirectories(folder, OWNER_ONLY_FOLDER);
            }
            // They may have been there, more open than they should be.
            for (Path folder : List.of(root, secrets(), workloads())) {
                Files.setPosixFilePermissions(
                        folder, PosixFilePermissions.fromString(shared ? "rwx--x--x" : "rwx------"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("state folder " + root, e);
        }
    }

    public Path kubeconfig() {
        return root.resolve("kubeconfig");
    }

    /// Addresses for shells.
    public Path env() {
        return root.resolve("env");
    }

    /// The names of services and workloads, for commands that go past the proxies; with the short names of a
    /// namespace's services, or of none.
    Path hosts(String namespace) {
        return root.resolve(namespace.isEmpty() ? "hosts" : "hosts." + namespace);
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path log(String part) {
        return logs().resolve(part + ".log");
    }

    public Path data() {
        return root.resolve("data");
    }

    public Path postgresData() {
        return data().resolve("postgres");
    }

    public Path processes() {
        return root.resolve("processes");
    }

    public Path secrets() {
        return root.resolve("secrets");
    }

    public Path secret(String name) {
        return secrets().resolve(name);
    }

    /// The configuration of one process; it may hold a password.
    public Path configuration(String part) {
        return secret(part + ".properties");
    }

    /// How one user reaches the bus.
    public Path busProperties(String user) {
        return secret("bus-" + user + ".properties");
    }

    public Path joinToken(String node) {
        return secret("join-token-" + node);
    }

    public Path manifests() {
        return root.resolve("manifests");
    }

    public Path workloads() {
        return root.resolve("workloads");
    }

    /// What belongs to one workload.
    public Path workload(String id) {
        return workloads().resolve(id);
    }

    /// Where a node keeps its certificates.
    public Path certificates(String id) {
        return workload(id).resolve("certs");
    }

    Path backboneReady() {
        return data().resolve("backbone-ready");
    }

    /// What the supervisor is to do: one line.
    public Path supervision() {
        return root.resolve("supervision");
    }

    /// Lets one launcher at a time start and stop processes here. The kernel gives the lock back when the launcher
    /// ends.
    ///
    /// @param limit how long another one is waited for
    public FileChannel lock(Duration limit) throws IOException {
        Path file = root.resolve("lock");
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (channel.tryLock() == null) {
                if (System.nanoTime() > deadline) {
                    channel.close();
                    throw new IllegalStateException("another ./dev starts or stops something there; its lock: " + file);
                }
                Thread.sleep(LOCK_POLL);
            }
        } catch (InterruptedException e) {
            channel.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while another ./dev was waited for", e);
        }
        return channel;
    }

    /// Writes a file that only its owner can read, whole or not at all.
    public void write(Path file, String content) {
        try {
            WholeFile.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException("file " + file, e);
        }
    }

    /// Writes a file that every user may read, and the folder that it is in.
    void writeForAll(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException e) {
            throw new UncheckedIOException("file " + file, e);
        }
    }

    /// Reads a file of this folder.
    public String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("file " + file, e);
        }
    }
}
