package io.countersign.broker;

import io.countersign.broker.BrokerSettings.Open;
import io.countersign.broker.BrokerSettings.Restricted;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/// The broker's configuration from its settings. Pure.
final class BrokerProperties {

    static final String CONTROLLER_LISTENER = "CONTROLLER";
    static final String BUS_LISTENER = "BUS";

    /// The broker's own login on the controller listener. It has no SCRAM credential, so nobody is it on the bus.
    private static final String CONTROLLER_USER = "controller";

    private static final int NODE_ID = 1;

    private BrokerProperties() {}

    /// @param controllerPassword known to this process only, another one at each start
    static Properties of(BrokerSettings settings, String controllerPassword) {
        Map<String, String> all = new TreeMap<>(singleNode());
        all.putAll(smallFootprint());
        all.putAll(listeners(settings));
        all.putAll(
                switch (settings.access()) {
                    case Open ignored -> Map.of("listener.security.protocol.map", protocols("PLAINTEXT"));
                    case Restricted restricted -> login(restricted, controllerPassword);
                });
        var properties = new Properties();
        properties.putAll(all);
        return properties;
    }

    private static Map<String, String> listeners(BrokerSettings settings) {
        String bus = BUS_LISTENER + "://" + settings.address() + ":" + settings.port();
        String controller = settings.address() + ":" + settings.controllerPort();
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                String.valueOf(NODE_ID),
                "controller.quorum.voters",
                NODE_ID + "@" + controller,
                "controller.listener.names",
                CONTROLLER_LISTENER,
                "listeners",
                bus + "," + CONTROLLER_LISTENER + "://" + controller,
                "advertised.listeners",
                bus,
                "inter.broker.listener.name",
                BUS_LISTENER,
                "log.dirs",
                settings.directory().toString());
    }

    private static Map<String, String> singleNode() {
        return Map.ofEntries(
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                // After a kill the old session must end before the broker may register again: the default is 9 s.
                Map.entry("broker.session.timeout.ms", "2000"),
                Map.entry("broker.heartbeat.interval.ms", "500"),
                Map.entry("auto.create.topics.enable", "false"));
    }

    /// The cleaner's buffer is 128 MiB of heap by default, an index 10 MiB of mapped memory.
    private static Map<String, String> smallFootprint() {
        return Map.of(
                "log.cleaner.dedupe.buffer.size", "4194304",
                "log.index.size.max.bytes", "1048576",
                "num.network.threads", "1",
                "num.io.threads", "2",
                "background.threads", "1");
    }

    private static Map<String, String> login(Restricted access, String controllerPassword) {
        BusUser administrator = access.administrator();
        return Map.of(
                "listener.security.protocol.map",
                protocols("SASL_PLAINTEXT"),
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users",
                "User:" + administrator.name() + ";User:" + CONTROLLER_USER,
                "sasl.mechanism.controller.protocol",
                "PLAIN",
                "listener.name.controller.sasl.enabled.mechanisms",
                "PLAIN",
                "listener.name.controller.plain.sasl.jaas.config",
                plainLogin(controllerPassword),
                "sasl.mechanism.inter.broker.protocol",
                BusUser.MECHANISM,
                "listener.name.bus.sasl.enabled.mechanisms",
                BusUser.MECHANISM,
                "listener.name.bus.scram-sha-512.sasl.jaas.config",
                administrator.jaasConfig());
    }

    private static String protocols(String protocol) {
        return BUS_LISTENER + ":" + protocol + "," + CONTROLLER_LISTENER + ":" + protocol;
    }

    private static String plainLogin(String password) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%1$s\" password=\"%2$s\" user_%1$s=\"%2$s\";"
                .formatted(CONTROLLER_USER, password);
    }
}
