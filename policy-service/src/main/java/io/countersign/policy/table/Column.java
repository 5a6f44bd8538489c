package io.countersign.policy.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.policy.object.Condition;
import io.countersign.policy.object.DistributedCondition;
import io.countersign.policy.object.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// A column of the table that `kubectl get` prints.
///
/// @param priority 0 for always, 1 for `-o wide` only
/// @param cell the text of an object's cell at a moment
record Column(String name, String description, int priority, BiFunction<StoredObject, Instant, String> cell) {
    private static final String NONE = "<none>";

    private static final Column NAME = always(
            "Name", "name, unique in its namespace", object -> object.key().name());
    private static final Column AGE = new Column(
            "Age", "time since its creation", 0, (object, now) -> HumanAge.of(Duration.between(object.created(), now)));
    private static final Column DISTRIBUTED = wide(
            "Distributed",
            "whether the newest generation is in force on every node",
            object -> object.condition(DistributedCondition.TYPE)
                    .map(Condition::status)
                    .orElse("Unknown"));

    /// The columns of a type, in Kubernetes' and Istio's order.
    static List<Column> of(ResourceType type) {
        var columns = new ArrayList<Column>();
        columns.add(NAME);
        switch (type) {
            case NAMESPACE -> {
                columns.add(always("Status", "phase", _ -> "Active"));
                columns.add(AGE);
            }
            case SERVICE -> {
                columns.add(spec("Type", "kind of service", "/type", "ClusterIP"));
                columns.add(spec("Cluster-IP", "address in the cluster", "/clusterIP", NONE));
                columns.add(always("External-IP", "addresses from outside", Column::externalAddresses));
                columns.add(always("Port(s)", "ports and protocols", Column::ports));
                columns.add(AGE);
                columns.add(wide("Selector", "labels of its workloads", Column::selector));
            }
            case WORKLOAD_ENTRY -> {
                columns.add(AGE);
                columns.add(spec("Address", "address of the workload", "/address", NONE));
            }
            case PEER_AUTHENTICATION -> {
                columns.add(spec("Mode", "mutual TLS demanded from peers", "/mtls/mode", ""));
                columns.add(AGE);
            }
            case DESTINATION_RULE -> {
                columns.add(spec("Host", "the service that the rule is for", "/host", NONE));
                columns.add(AGE);
            }
            case POLICY, MESH_POLICY -> columns.add(AGE);
        }
        columns.add(DISTRIBUTED);
        return List.copyOf(columns);
    }

    private static Column always(String name, String description, Function<StoredObject, String> cell) {
        return new Column(name, description, 0, (object, _) -> cell.apply(object));
    }

    private static Column wide(String name, String description, Function<StoredObject, String> cell) {
        return new Column(name, description, 1, (object, _) -> cell.apply(object));
    }

    private static Column spec(String name, String description, String pointer, String absent) {
        return always(name, description, object -> {
            var text = at(object, pointer).asText("");
            return text.isEmpty() ? absent : text;
        });
    }

    private static JsonNode at(StoredObject object, String pointer) {
        return object.spec() == null ? MissingNode.getInstance() : object.spec().at(pointer);
    }

    private static String externalAddresses(StoredObject service) {
        return joined(at(service, "/externalIPs"), JsonNode::asText);
    }

    private static String ports(StoredObject service) {
        return joined(
                at(service, "/ports"),
                port -> port.path("port").asText() + "/" + port.path("protocol").asText("TCP"));
    }

    private static String selector(StoredObject service) {
        var labels = at(service, "/selector").properties().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue().asText())
                .collect(Collectors.joining(","));
        return labels.isEmpty() ? NONE : labels;
    }

    private static String joined(JsonNode list, Function<JsonNode, String> text) {
        var all = StreamSupport.stream(list.spliterator(), false).map(text).collect(Collectors.joining(","));
        return all.isEmpty() ? NONE : all;
    }
}
