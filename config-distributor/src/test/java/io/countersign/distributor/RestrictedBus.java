package io.countersign.distributor;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.BusUser;
import io.countersign.broker.EmbeddedBroker;
import io.countersign.identity.IssuedSvid;
import io.countersign.identity.SvidFiles;
import io.countersign.identity.X509Svid;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.testing.Patience;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// A broker with users and ACLs as they are in earnest, and the service's own credentials in files; the SVID is that of
/// an earlier run, since there is no ca-service here.
public final class RestrictedBus implements QuarkusTestResourceLifecycleManager {
    private static final BusUser ADMINISTRATOR = new BusUser("admin", "admin-secret");
    private static final BusUser DISTRIBUTOR = new BusUser("config-distributor", "distributor-secret");

    static final String USER_TOKEN = "a reader's token of the tests";
    static final SpiffeId SPIFFE_ID = SpiffeId.parse("spiffe://cluster.local/ns/istio-system/sa/config-distributor");

    private static volatile Map<String, Object> administrator = Map.of();

    private EmbeddedBroker broker;

    @Override
    public Map<String, String> start() {
        Patience.have();
        try {
            var directory = Files.createTempDirectory("distributor-bus");
            broker = EmbeddedBroker.start(
                    BrokerSettings.restricted(directory.resolve("data"), ADMINISTRATOR, List.of(DISTRIBUTOR)));
            administrator = broker.administratorProperties();
            writeSvid(directory.resolve("svid"));
            var users = Files.writeString(directory.resolve("users.csv"), USER_TOKEN + ",reader,2\n");
            return Map.of(
                    "countersign.bus.properties-file", write(directory).toString(),
                    "countersign.distributor.users-file", users.toString(),
                    "countersign.identity.ca-uri", "https://127.0.0.1:1",
                    "countersign.identity.spiffe-id", SPIFFE_ID.toString(),
                    "countersign.identity.node-id", "config-distributor",
                    "countersign.identity.join-token-file",
                            directory.resolve("none").toString(),
                    "countersign.identity.directory", directory.resolve("svid").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        broker.close();
    }

    /// What the other services, all in one, connect with.
    public static Map<String, Object> administrator() {
        return administrator;
    }

    private static void writeSvid(Path directory) {
        var leaf = MeshRecords.AUTHORITY.leaf(SPIFFE_ID).dnsName("localhost").issue();
        var bundle = MeshRecords.AUTHORITY.bundle(SPIFFE_ID.trustDomain(), 1);
        new SvidFiles(directory).write(new IssuedSvid(X509Svid.of(leaf.chain(), leaf.key()), bundle));
    }

    private Path write(Path directory) throws IOException {
        var file = directory.resolve("bus.properties");
        var properties = new Properties();
        broker.clientProperties(DISTRIBUTOR).forEach((name, value) -> properties.setProperty(name, value.toString()));
        try (var writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        return file;
    }
}
