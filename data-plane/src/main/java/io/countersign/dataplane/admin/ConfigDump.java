package io.countersign.dataplane.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.countersign.events.ConfigCodec;
import io.countersign.mesh.config.ConfigRecord;
import io.countersign.mesh.view.MeshView;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/// The view in force, record by record as the bus has them.
final class ConfigDump {
    private ConfigDump() {}

    static ObjectNode of(MeshView view) {
        var records = JsonNodeFactory.instance.objectNode();
        Stream.<Collection<? extends ConfigRecord>>of(
                        List.of(view.mesh()),
                        view.rules().values(),
                        view.services().values(),
                        view.workloads().values())
                .flatMap(Collection::stream)
                .forEach(entry -> records.putRawValue(
                        entry.key().toString(),
                        new RawValue(new String(ConfigCodec.encode(entry), StandardCharsets.UTF_8))));
        return records;
    }
}
