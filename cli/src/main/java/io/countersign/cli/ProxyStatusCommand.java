package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "proxy-status",
        aliases = "ps",
        mixinStandardHelpOptions = true,
        description = "Shows how far each node is, by its own reports.",
        footer = {"", "Examples:", "  csign proxy-status", "  csign proxy-status -o json"})
final class ProxyStatusCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Option(names = "-o", paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES} (default: table).")
    private OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() {
        var answer = connection.distributor().get("/v1/nodes");
        if (format == OutputFormat.JSON) {
            connection.print(answer);
            return 0;
        }
        var table = new TextTable("NODE", "STATE", "BEHIND", "TRUST", "CERTIFICATE UNTIL", "WORKLOADS");
        answer.path("nodes")
                .forEach(node -> table.add(
                        node.path("node").asText(),
                        state(node),
                        node.path("behind").asText(),
                        node.path("trustSequence").asText(),
                        node.path("certificateExpiry").asText(),
                        StreamSupport.stream(node.path("workloads").spliterator(), false)
                                .map(JsonNode::asText)
                                .collect(Collectors.joining(","))));
        connection.print(table);
        answer.path("nodes").forEach(this::printRejections);
        return 0;
    }

    private void printRejections(JsonNode node) {
        node.path("rejected")
                .properties()
                .forEach(entry -> connection.print(node.path("node").asText() + " rejects " + entry.getKey() + ": "
                        + entry.getValue().asText()));
    }

    /// The words of istioctl, and two that it lacks.
    private static String state(JsonNode node) {
        if (node.path("silent").asBoolean()) {
            return "SILENT";
        }
        if (!node.path("rejected").isEmpty()) {
            return "REJECTED";
        }
        return node.path("behind").asLong() > 0 ? "STALE" : "SYNCED";
    }
}
