package io.countersign.broker;

import io.countersign.broker.BrokerSettings.Open;
import io.countersign.broker.BrokerSettings.Restricted;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A real Kafka broker and controller in this JVM, with the catalogue's topics, users and ACLs.
///
/// When [#start] returns, the topics are there and clients may connect. Closing it is a clean stop; a start on the
/// same folder keeps topics and data, whether the last broker stopped or was killed. Not thread-safe: one owner starts
/// and closes it.
public final class EmbeddedBroker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final int PASSWORD_BYTES = 24;

    private final BrokerSettings settings;
    private final KafkaRaftServer server;

    private EmbeddedBroker(BrokerSettings settings, KafkaRaftServer server) {
        this.settings = settings;
        this.server = server;
    }

    /// Starts the broker and brings topics, users and ACLs to what the catalogue and the settings say.
    ///
    /// @throws IllegalStateException when the folder cannot be formatted or the catalogue cannot be applied in time
    public static EmbeddedBroker start(BrokerSettings asked) {
        BrokerSettings settings = withPorts(asked);
        format(settings);
        var config = KafkaConfig.fromProps(BrokerProperties.of(settings, randomPassword()), false);
        var server = new KafkaRaftServer(config, Time.SYSTEM);
        var broker = new EmbeddedBroker(settings, server);
        try {
            server.startup();
            new CatalogueApplier(broker.administratorProperties()).apply(settings.access());
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
        LOG.atInfo().addKeyValue("listener", broker.bootstrapServers()).log("broker started");
        return broker;
    }

    /// `address:port`, as clients take it for `bootstrap.servers`.
    public String bootstrapServers() {
        return settings.address() + ":" + settings.port();
    }

    /// The settings in force, with the ports that were chosen: start again with them to come back at the same place.
    public BrokerSettings settings() {
        return settings;
    }

    /// What an anonymous client needs on an open broker, or the administrator on a restricted one.
    public Map<String, Object> administratorProperties() {
        return switch (settings.access()) {
            case Open ignored -> Map.of("bootstrap.servers", bootstrapServers());
            case Restricted restricted -> clientProperties(restricted.administrator());
        };
    }

    /// What a client needs to log in as the given user.
    public Map<String, Object> clientProperties(BusUser user) {
        return user.clientProperties(bootstrapServers());
    }

    /// Stops cleanly and waits for it; a second call does nothing.
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(BrokerSettings settings) {
        Path directory = settings.directory();
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        try {
            Files.createDirectories(directory);
            var formatter = new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(1)
                    .setControllerListenerName(BrokerProperties.CONTROLLER_LISTENER)
                    .setMetadataLogDirectory(directory.toString())
                    .addDirectory(directory.toString());
            if (settings.access() instanceof Restricted restricted) {
                formatter.setScramArguments(List.of(restricted.administrator().scramArgument()));
            }
            formatter.run();
        } catch (Exception e) {
            throw new IllegalStateException("broker directory: " + directory + " (expected: can be formatted)", e);
        }
    }

    private static BrokerSettings withPorts(BrokerSettings asked) {
        // Both sockets are open at once, so that the two ports differ.
        try (var bus = free(asked.address(), asked.port());
                var controller = free(asked.address(), asked.controllerPort())) {
            return asked.onPorts(bus.getLocalPort(), controller.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on " + asked.address(), e);
        }
    }

    private static ServerSocket free(String address, int port) throws IOException {
        var socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        return socket;
    }

    private static String randomPassword() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
