package io.countersign.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.ConfigRecord;
import io.countersign.mesh.config.MeshConfig;
import io.countersign.mesh.config.NamespaceRules;
import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.ServiceConfig;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.identity.SpiffeId;
import java.util.List;

/// Values of [TopicCatalogue#CONFIG]. Equal records have equal bytes, on every machine.
public final class ConfigCodec {
    private static final String WORKLOAD = "Workload";
    private static final String SERVICE = "Service";
    private static final String RULES = "NamespaceRules";
    private static final String MESH = "MeshConfig";
    private static final int VERSION = 1;

    private ConfigCodec() {}

    public static byte[] encode(ConfigRecord record) {
        return JsonRecord.bytes(
                switch (record) {
                    case WorkloadConfig workload -> workload(workload);
                    case ServiceConfig service -> service(service);
                    case NamespaceRules rules -> RulesJson.write(JsonRecord.create(RULES, VERSION), rules);
                    case MeshConfig mesh ->
                        JsonRecord.create(MESH, VERSION)
                                .put("rootNamespace", mesh.rootNamespace())
                                .put("autoMtls", mesh.autoMtls());
                });
    }

    /// Reads the record of a key; [UnreadableRecord] when it cannot be.
    public static ConfigRecord decode(ConfigKey key, byte[] value) {
        try {
            return switch (key.kind()) {
                case WORKLOAD -> workload(key, JsonRecord.parse(value, WORKLOAD, VERSION));
                case SERVICE -> service(key, JsonRecord.parse(value, SERVICE, VERSION));
                case RULES -> RulesJson.read(key.namespace(), JsonRecord.parse(value, RULES, VERSION));
                case MESH -> mesh(JsonRecord.parse(value, MESH, VERSION));
            };
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UnreadableRecord(key + ": " + e.getMessage(), e);
        }
    }

    private static ObjectNode workload(WorkloadConfig workload) {
        var node = JsonRecord.create(WORKLOAD, VERSION).put("uid", workload.uid());
        JsonRecord.texts(node, "addresses", workload.addresses());
        if (!workload.labels().isEmpty()) {
            node.set("labels", JsonRecord.texts(workload.labels()));
        }
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
                record.optionalTexts("labels"),
                SpiffeId.parse(record.text("identity")),
                record.choice("proxy", ProxyPresence.class),
                record.map("ports", Integer::valueOf, mode -> PortMode.valueOf(mode.asText())),
                record.choice("otherPorts", PortMode.class),
                record.map(
                        "services", service -> service, ports -> ports.asMap(Integer::valueOf, JsonRecord::asCount)));
    }

    private static MeshConfig mesh(JsonRecord record) {
        return new MeshConfig(record.text("rootNamespace"), record.flag("autoMtls"));
    }

    private static ObjectNode service(ServiceConfig service) {
        var node = JsonRecord.create(SERVICE, VERSION).put("uid", service.uid());
        JsonRecord.texts(node, "hosts", service.hosts());
        if (!service.addresses().isEmpty()) {
            JsonRecord.texts(node, "addresses", service.addresses());
        }
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
                record.has("addresses") ? record.list("addresses", JsonRecord::asText) : List.of(),
                record.map("ports", Integer::valueOf, JsonRecord::asText));
    }
}
