package io.countersign.policy.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.object.Json;
import io.countersign.policy.object.ObjectWriter;
import io.countersign.policy.object.StoredObject;
import java.time.Instant;
import java.util.List;

/// Kubernetes' `Table`: the server says what kubectl prints.
public final class TableWriter {
    private TableWriter() {}

    /// Whether a client that accepts this asks for a table.
    public static boolean isWanted(String accept) {
        return accept.replace(" ", "").contains("as=Table;v=v1;g=meta.k8s.io");
    }

    /// The table of some objects of a type, as they are now.
    ///
    /// @param sequence the table's `resourceVersion`
    public static ObjectNode write(ResourceType type, List<StoredObject> objects, long sequence, Instant now) {
        var table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata").put("resourceVersion", Long.toString(sequence));
        var columns = Column.of(type);
        var definitions = table.putArray("columnDefinitions");
        columns.forEach(column -> definitions
                .addObject()
                .put("name", column.name())
                .put("type", "string")
                .put("format", column.name().equals("Name") ? "name" : "")
                .put("description", column.description())
                .put("priority", column.priority()));
        var rows = table.putArray("rows");
        for (var object : objects) {
            var row = rows.addObject();
            var cells = row.putArray("cells");
            columns.forEach(column -> cells.add(column.cell().apply(object, now)));
            row.putObject("object")
                    .put("kind", "PartialObjectMetadata")
                    .put("apiVersion", "meta.k8s.io/v1")
                    .set("metadata", ObjectWriter.metadata(object));
        }
        return table;
    }
}
