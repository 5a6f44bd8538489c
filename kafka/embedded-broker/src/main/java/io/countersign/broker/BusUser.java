package io.countersign.broker;

import io.countersign.events.Topic.Role;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// A login on the bus. Its name says its role in the catalogue: `ca-service`, or `node-` and the node's id.
///
/// The password stands in JAAS configuration, so it must have neither quotes, backslashes, commas nor brackets.
public record BusUser(String name, String password) {

    static final String MECHANISM = "SCRAM-SHA-512";

    public BusUser {
        requirePlain("bus user", name);
        requirePlain("bus password", password);
    }

    /// What a Kafka client needs to log in as this user.
    public Map<String, Object> clientProperties(String bootstrapServers) {
        return Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                MECHANISM,
                "sasl.jaas.config",
                jaasConfig());
    }

    /// The role whose topics the user may write and read; empty where the name is no role's.
    Optional<Role> role() {
        return Arrays.stream(Role.values())
                .filter(role -> role == Role.NODE
                        ? name.startsWith(role.user())
                                && name.length() > role.user().length()
                        : name.equals(role.user()))
                .findFirst();
    }

    String jaasConfig() {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(name, password);
    }

    /// As Kafka's formatter takes a user that exists from the first start on.
    String scramArgument() {
        return MECHANISM + "=[name=" + name + ",password=" + password + "]";
    }

    /// Without the password.
    @Override
    public String toString() {
        return "BusUser[" + name + "]";
    }

    private static void requirePlain(String what, String text) {
        if (!text.matches("[A-Za-z0-9._~+/=-]+")) {
            // The text itself may be a secret, so it is not in the message.
            throw new IllegalArgumentException(
                    what + ": other characters than expected (expected: A-Z a-z 0-9 . _ ~ + / = -)");
        }
    }
}
