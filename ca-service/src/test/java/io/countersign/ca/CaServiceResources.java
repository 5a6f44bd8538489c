package io.countersign.ca;

import io.countersign.testing.Patience;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/// A real PostgreSQL, the files of secrets, and a bus where nobody listens.
public final class CaServiceResources implements QuarkusTestResourceLifecycleManager {
    /// Of a broker that comes late: where nobody else listens, since a free port chosen before could be taken by then.
    static final String BROKER_ADDRESS = "127.77.0.1";

    static final int BROKER_PORT = 9092;
    static final String ADMIN_TOKEN = "an administrator's token of the tests";

    private EmbeddedPostgres postgres;

    @Override
    public Map<String, String> start() {
        Patience.have();
        try {
            postgres = EmbeddedPostgres.builder()
                    .setPGStartupWait(Duration.ofMinutes(1))
                    .start();
            var folder = Files.createTempDirectory("ca-service-it");
            return Map.of(
                    "quarkus.datasource.jdbc.url", postgres.getJdbcUrl("postgres", "postgres"),
                    "quarkus.datasource.username", "postgres",
                    "countersign.ca.trust-domain", "cluster.local",
                    "countersign.ca.admin.token-file", file(folder, "admin-token", ADMIN_TOKEN),
                    "countersign.ca.authority.key-encryption-key-file", file(folder, "kek", randomKey()),
                    "countersign.bus.properties-file",
                            file(folder, "bus.properties", "bootstrap.servers=" + BROKER_ADDRESS + ":" + BROKER_PORT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        try {
            if (postgres != null) {
                postgres.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String file(Path folder, String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static String randomKey() {
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }
}
