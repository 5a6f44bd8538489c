package io.countersign.policy;

import static org.awaitility.Awaitility.await;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.EmbeddedBroker;
import io.countersign.identity.IssuedSvid;
import io.countersign.identity.Pem;
import io.countersign.identity.SvidFiles;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.testing.Patience;
import io.countersign.testing.TestAuthority;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A real database, a real broker and two users around the service.
public final class PolicyEnvironment implements QuarkusTestResourceLifecycleManager {
    static final String ADMIN_TOKEN = "admin-token-of-this-test";
    static final String READER_TOKEN = "reader-token-of-this-test";

    private static final TestAuthority AUTHORITY = TestAuthority.seeded(7);
    private static final String SPIFFE_ID = "spiffe://cluster.local/ns/istio-system/sa/policy-service";

    /// The broker of the running test, for tests that stop and start it.
    static volatile EmbeddedBroker broker;

    private static volatile EmbeddedPostgres database;
    private static volatile Path directory;

    @Override
    public Map<String, String> start() {
        Patience.have();
        try {
            directory = Files.createTempDirectory("policy-it");
            broker = EmbeddedBroker.start(BrokerSettings.open(directory.resolve("kafka")));
            database = database().start();
            var bus = Files.writeString(
                    directory.resolve("bus.properties"), "bootstrap.servers=" + broker.bootstrapServers() + "\n");
            var users = Files.writeString(directory.resolve("users.csv"), """
                    %s,admin,1,"system:masters"
                    %s,reader,2
                    """.formatted(ADMIN_TOKEN, READER_TOKEN));
            writeSvid(directory.resolve("svid"));
            return Map.of(
                    "quarkus.datasource.jdbc.url",
                    database.getJdbcUrl("postgres", "postgres"),
                    "quarkus.datasource.username",
                    "postgres",
                    "countersign.bus.properties-file",
                    bus.toString(),
                    "countersign.policy.users-file",
                    users.toString(),
                    "countersign.identity.ca-uri",
                    "https://127.0.0.1:1",
                    "countersign.identity.spiffe-id",
                    SPIFFE_ID,
                    "countersign.identity.directory",
                    directory.resolve("svid").toString(),
                    "countersign.identity.node-id",
                    "policy-service",
                    "countersign.identity.join-token-file",
                    directory.resolve("join-token").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String authorityPem() {
        return Pem.encode(List.of(AUTHORITY.certificate()));
    }

    /// The service takes up the SVID of an earlier run; there is no ca-service here.
    private static void writeSvid(Path directory) {
        var id = SpiffeId.parse(SPIFFE_ID);
        var leaf = AUTHORITY.leaf(id).dnsName(Kubectl.SERVER_NAME).issue();
        var bundle = AUTHORITY.bundle(id.trustDomain(), 1);
        new SvidFiles(directory).write(new IssuedSvid(X509Svid.of(leaf.chain(), leaf.key()), bundle));
    }

    /// Starts the broker again where it was.
    static void restartBroker() {
        broker = EmbeddedBroker.start(broker.settings());
    }

    private static EmbeddedPostgres.Builder database() {
        return EmbeddedPostgres.builder()
                .setServerConfig("shared_buffers", "16MB")
                // As in production: a commit is on the disk, and takes a moment in which the server may die.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setDataDirectory(directory.resolve("postgres"))
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofMinutes(1));
    }

    /// Every process of the database, at once and without a word.
    static void killDatabase() throws IOException {
        var lines = Files.readAllLines(directory.resolve("postgres").resolve("postmaster.pid"));
        var postmaster =
                ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).orElseThrow();
        var all = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        await().until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    /// Starts the database again where it was.
    static void restartDatabase() throws IOException {
        var port = database.getPort();
        // It finds nothing to stop, and lets go of the folder.
        database.close();
        database = database().setPort(port).start();
    }

    @Override
    public void stop() {
        try {
            if (database != null) {
                database.close();
                remove(directory.resolve("postgres"));
            }
            if (broker != null) {
                broker.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
