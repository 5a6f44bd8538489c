package io.countersign.broker;

import java.nio.file.Path;
import java.util.List;

/// Where a broker listens, where it keeps its logs, and who may log in.
///
/// Ports are 1–65535, or 0 for a free one that is chosen at start. With `access` the listener asks for SCRAM-SHA-512
/// and the catalogue's roles become ACLs; without it everybody who reaches the port may do everything, which is for
/// tests.
///
/// @param directory the broker's own folder, created when absent; a start on a used folder keeps topics and data
/// @param address a literal address, 127/8 on one machine
public record BrokerSettings(Path directory, String address, int port, int controllerPort, Access access) {

    /// Who may use the bus.
    public sealed interface Access {}

    /// No login, no authorization.
    public record Open() implements Access {}

    /// SCRAM-SHA-512 and ACLs.
    ///
    /// @param administrator may do everything; its role is ignored
    /// @param users everybody else, each with the rights of its catalogue role
    public record Restricted(BusUser administrator, List<BusUser> users) implements Access {
        public Restricted {
            users = List.copyOf(users);
        }
    }

    public BrokerSettings {
        requirePort("broker port", port);
        requirePort("controller port", controllerPort);
        if (address.isBlank()) {
            throw new IllegalArgumentException("broker address: blank (expected: a literal address)");
        }
    }

    /// A broker without login on free ports of 127.0.0.1, for tests.
    public static BrokerSettings open(Path directory) {
        return new BrokerSettings(directory, "127.0.0.1", 0, 0, new Open());
    }

    /// A broker with login and ACLs on free ports of 127.0.0.1, for tests.
    public static BrokerSettings restricted(Path directory, BusUser administrator, List<BusUser> users) {
        return new BrokerSettings(directory, "127.0.0.1", 0, 0, new Restricted(administrator, users));
    }

    /// The same broker on other ports; 0 for a free one.
    public BrokerSettings onPorts(int newPort, int newControllerPort) {
        return new BrokerSettings(directory, address, newPort, newControllerPort, access);
    }

    private static void requirePort(String name, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(name + ": " + port + " (expected: 0 to 65535)");
        }
    }
}
