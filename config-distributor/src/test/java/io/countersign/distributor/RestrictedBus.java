package io.countersign.distributor;

import io.countersign.broker.BrokerSettings;
import io.countersign.broker.BusUser;
import io.countersign.broker.EmbeddedBroker;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// A broker with users and ACLs as they are in earnest, and the service's own credentials in a file.
public final class RestrictedBus implements QuarkusTestResourceLifecycleManager {
    private static final BusUser ADMINISTRATOR = new BusUser("admin", "admin-secret");
    private static final BusUser DISTRIBUTOR = new BusUser("config-distributor", "distributor-secret");

    private static volatile Map<String, Object> administrator = Map.of();

    private EmbeddedBroker broker;

    @Override
    public Map<String, String> start() {
        try {
            var directory = Files.createTempDirectory("distributor-bus");
            broker = EmbeddedBroker.start(
                    BrokerSettings.restricted(directory.resolve("data"), ADMINISTRATOR, List.of(DISTRIBUTOR)));
            administrator = broker.administratorProperties();
            return Map.of("countersign.bus.properties-file", write(directory).toString());
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
