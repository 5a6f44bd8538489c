package io.countersign.dataplane.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;

/// The side on which the node speaks to the bus. Whoever reads its reports is there, too; the name that a machine has
/// for itself is often a loopback address that nobody else can use.
final class BusSide {
    private BusSide() {}

    /// The node's own address on that side; empty where none of the bus's servers has an address or a way to it.
    /// Nothing is sent.
    ///
    /// @param bus Kafka's client properties
    static Optional<String> address(Map<String, Object> bus) {
        return servers(bus.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG))
                .flatMap(server -> towards(server).stream())
                .findFirst();
    }

    private static Stream<String> servers(@Nullable Object configured) {
        return configured instanceof List<?> list
                ? list.stream().map(String::valueOf)
                : Stream.of(String.valueOf(configured).split(","));
    }

    private static Optional<String> towards(String server) {
        try (var socket = new DatagramSocket()) {
            var bus = URI.create("bus://" + server.strip());
            socket.connect(new InetSocketAddress(String.valueOf(bus.getHost()), bus.getPort()));
            return Optional.of(socket.getLocalAddress().getHostAddress());
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
