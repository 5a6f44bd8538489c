package io.countersign.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.ConfigRecord;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.ServiceConfig;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.resource.MtlsMode;
import java.util.List;

/// Values of [TopicCatalogue#CONFIG]. Equal records have equal bytes, on every machine.
public final class ConfigCodec {
    private static final String WORKLOAD = "Workload";
    private static final String SERVICE = "Service";
    private static final int VERSION = 1;

    private ConfigCodec() {}

    public static byte[] encode(ConfigRecord record) {
        return JsonRecord.bytes(
                switch (record) {
                    case WorkloadConfig workload -> workload(workload);
                    case ServiceConfig service -> service(service);
                });
    }

    /// Reads the record of a key; [UnreadableRecord] when it cannot be.
    public static ConfigRecord decode(ConfigKey key, byte[] value) {
        try {
            return switch (key.kind()) {
                case WORKLOAD -> workload(key, JsonRecord.parse(value, WORKLOAD, VERSION));
                case SERVICE -> service(key, JsonRecord.parse(value, SERVICE, VERSION));
            };
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UnreadableRecord(key + ": " + e.getMessage(), e);
        }
    }

    private static ObjectNode workload(WorkloadConfig workload) {
        var node = JsonRecord.create(WORKLOAD, VERSION).put("uid", workload.uid());
        texts(node, "addresses", workload.addresses());
        node.put("identity", workload.identity().toString())
                .put("proxy", workload.proxy().name())
                .put("otherPorts", workload.otherPorts().name());
        var ports = node.putObject("ports");
        workload.ports().forEach((port, mode) -> ports.put(port.toString(), mode.name()));
        var services = node.putObject("services");
        workload.services().forEach((service, mapped) -> {
            var numbers = services.putObject(service);
            mapped.forEach((port, number) -> numbers.put(port.toString(), number));
        });
        return node;
    }

    private static WorkloadConfig workload(ConfigKey key, JsonRecord record) {
        return new WorkloadConfig(
                key.namespace(),
                key.name(),
                record.text("uid"),
                record.list("addresses", JsonRecord::asText),
                SpiffeId.parse(record.text("identity")),
                record.choice("proxy", ProxyPresence.class),
                record.map("ports", Integer::valueOf, mode -> MtlsMode.valueOf(mode.asText())),
                record.choice("otherPorts", MtlsMode.class),
                record.map(
                        "services", service -> service, ports -> ports.asMap(Integer::valueOf, JsonRecord::asCount)));
    }

    private static ObjectNode service(ServiceConfig service) {
        var node = JsonRecord.create(SERVICE, VERSION).put("uid", service.uid());
        texts(node, "hosts", service.hosts());
        var ports = node.putObject("ports");
        service.ports().forEach((port, protocol) -> ports.put(port.toString(), protocol));
        return node;
    }

    private static ServiceConfig service(ConfigKey key, JsonRecord record) {
        return new ServiceConfig(
                key.namespace(),
                key.name(),
                record.text("uid"),
                record.list("hosts", JsonRecord::asText),
                record.map("ports", Integer::valueOf, JsonRecord::asText));
    }

    private static void texts(ObjectNode node, String field, List<String> texts) {
        var array = node.putArray(field);
        texts.forEach(array::add);
    }
}
