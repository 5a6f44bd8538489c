package io.countersign.dataplane.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.util.RawValue;
import io.countersign.events.ConfigCodec;
import io.countersign.mesh.config.ConfigRecord;
import io.countersign.mesh.view.MeshView;
import java.nio.charset.StandardCharsets;

/// The view in force, record by record as the bus has them.
final class ConfigDump {
    private ConfigDump() {}

    static String json(MeshView view) {
        var records = JsonNodeFactory.instance.objectNode();
        view.services()
                .values()
                .forEach(service -> records.putRawValue(service.key().toString(), raw(service)));
        view.workloads()
                .values()
                .forEach(workload -> records.putRawValue(workload.key().toString(), raw(workload)));
        return records.toPrettyString() + "\n";
    }

    private static RawValue raw(ConfigRecord entry) {
        return new RawValue(new String(ConfigCodec.encode(entry), StandardCharsets.UTF_8));
    }
}
