package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "proxy-config",
        aliases = "pc",
        mixinStandardHelpOptions = true,
        description = "Shows what a node has loaded. The node itself is asked.",
        footer = {
            "",
            "Examples:",
            "  csign proxy-config clusters sleep.full",
            "  csign proxy-config secrets httpbin.full -o json"
        })
final class ProxyConfigCommand implements Callable<Integer> {
    private static final String NONE = "-";

    /// What a node tells.
    enum Page {
        LISTENERS,
        CLUSTERS,
        SECRETS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Mixin
    private Connection connection = new Connection();

    @Parameters(index = "0", paramLabel = "WHAT", description = "${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init")
    private Page page;

    @Parameters(index = "1", paramLabel = "NODE", description = "As csign proxy-status names it.")
    @SuppressWarnings("NullAway.Init")
    private String node;

    @Option(names = "-o", paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES} (default: table).")
    private OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() {
        var name = connection
                .namedNamespace()
                .filter(namespace -> !node.endsWith("." + namespace))
                .map(namespace -> node + "." + namespace)
                .orElse(node);
        var answer = connection
                .distributor()
                .get("/v1/nodes/" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "/" + page);
        if (format == OutputFormat.JSON) {
            connection.print(answer);
            return 0;
        }
        connection.print(
                switch (page) {
                    case LISTENERS -> listeners(answer);
                    case CLUSTERS -> clusters(answer);
                    case SECRETS -> secrets(answer);
                });
        return 0;
    }

    private static TextTable listeners(JsonNode answer) {
        var table = new TextTable("ADDRESS", "PORT", "DIRECTION", "MODE");
        answer.path("listeners")
                .forEach(listener -> table.add(
                        text(listener, "address"),
                        text(listener, "port"),
                        text(listener, "direction"),
                        text(listener, "mode")));
        return table;
    }

    private static TextTable clusters(JsonNode answer) {
        var table = new TextTable("HOST:PORT", "MODE", "DESTINATION RULE", "ENDPOINT", "TLS", "WORKLOAD");
        for (var cluster : answer.path("clusters")) {
            var host = text(cluster, "host") + ":" + text(cluster, "port");
            for (var endpoint : cluster.path("endpoints")) {
                table.add(
                        host,
                        text(cluster, "mode"),
                        text(cluster, "rule"),
                        text(endpoint, "address"),
                        text(endpoint, "tls"),
                        text(endpoint, "workload"));
            }
            if (cluster.path("endpoints").isEmpty()) {
                table.add(host, text(cluster, "mode"), text(cluster, "rule"), NONE, NONE, text(cluster, "reason"));
            }
        }
        return table;
    }

    private static TextTable secrets(JsonNode answer) {
        var table = new TextTable("SECRET", "STATE", "UNTIL", "NAME");
        var certificate = answer.path("certificate");
        if (certificate.isObject()) {
            table.add(
                    "certificate " + text(certificate, "serial"),
                    "IN USE",
                    text(certificate, "notAfter"),
                    text(certificate, "spiffeId"));
        }
        answer.path("trust")
                .path("authorities")
                .forEach(authority -> table.add(
                        "authority " + text(authority, "id"),
                        text(authority, "state"),
                        text(authority, "notAfter"),
                        text(authority, "subject")));
        return table;
    }

    private static String text(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.path(field).asText() : NONE;
    }
}
