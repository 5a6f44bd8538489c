package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "tls-check",
        mixinStandardHelpOptions = true,
        description = {
            "Checks whether what a workload sends is what services take.",
            "It compares what was written; --actual shows what the nodes have loaded."
        },
        footer = {
            "",
            "Examples:",
            "  csign authn tls-check sleep.default httpbin.default.svc.cluster.local",
            "  csign authn tls-check sleep -n full",
            "  csign authn tls-check sleep.full httpbin --why",
            "  csign authn tls-check sleep.full httpbin.full --actual -o json"
        })
final class TlsCheckCommand implements Callable<Integer> {
    private static final String NONE = "-";

    @Mixin
    private Connection connection = new Connection();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "WORKLOAD[.NAMESPACE]",
            description = "The client: its rules count.")
    private Optional<String> workload = Optional.empty();

    @Parameters(index = "1", arity = "0..1", paramLabel = "SERVICE", description = "One service; else all of them.")
    private Optional<String> service = Optional.empty();

    @Option(names = "-o", paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES} (default: table).")
    private OutputFormat format = OutputFormat.TABLE;

    @Option(names = "--actual", description = "Also ask the nodes of both sides what they have loaded.")
    private boolean actual;

    @Option(names = "--why", description = "Also say which policies and rules won, and which lost.")
    private boolean why;

    @Override
    public Integer call() {
        if (workload.isEmpty()) {
            throw new Failure("tls-check requires pod name (expected: csign authn tls-check WORKLOAD.NAMESPACE)");
        }
        var answer = connection.distributor().get("/v1/tls-checks?" + query(workload.get()));
        if (format == OutputFormat.JSON) {
            connection.print(answer);
            return 0;
        }
        var header =
                new ArrayList<>(List.of("HOST:PORT", "STATUS", "SERVER", "CLIENT", "AUTHN POLICY", "DESTINATION RULE"));
        if (actual) {
            header.addAll(List.of("ACTUAL SERVER", "ACTUAL CLIENT", "AGREES"));
        }
        var table = new TextTable(header.toArray(String[]::new));
        answer.path("rows").forEach(row -> table.add(cells(row)));
        connection.print(table);
        if (why) {
            answer.path("rows").forEach(this::explain);
        }
        return 0;
    }

    private String query(String client) {
        // istioctl takes NAME.NAMESPACE and NAME -n NAMESPACE.
        var suffix = connection.namedNamespace().map(namespace -> "." + namespace);
        var dot = client.lastIndexOf('.');
        var key = suffix.isPresent()
                ? connection.namespace() + "/"
                        + (client.endsWith(suffix.get())
                                ? client.substring(
                                        0, client.length() - suffix.get().length())
                                : client)
                : dot > 0
                        ? client.substring(dot + 1) + "/" + client.substring(0, dot)
                        : connection.namespace() + "/" + client;
        return "workload=" + encode(key)
                + service.map(host -> "&service=" + encode(host)).orElse("")
                + (actual ? "&actual=true" : "");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private List<String> cells(JsonNode row) {
        var server = row.path("server").asText();
        var cells = new ArrayList<>(List.of(
                place(row),
                row.path("status").asText(),
                server(server),
                client(row.path("client").asText(), server),
                name(row.path("authenticationPolicy")),
                name(row.path("destinationRule"))));
        if (actual) {
            var loaded = row.path("actual");
            cells.add(loaded.path("server").asText(NONE));
            cells.add(loaded.path("client").asText(NONE));
            cells.add(loaded.isObject() ? (loaded.path("agrees").asBoolean() ? "yes" : "NO") : NONE);
        }
        return cells;
    }

    private void explain(JsonNode row) {
        connection.print("");
        connection.print(place(row));
        row.path("why").forEach(sentence -> connection.print("  " + sentence.asText()));
    }

    private static String place(JsonNode row) {
        return row.path("host").asText() + ":" + row.path("port").asText();
    }

    /// The words of istioctl 1.1.
    private static String server(String mode) {
        return switch (mode) {
            case "DISABLE" -> "HTTP";
            case "STRICT" -> "mTLS";
            case "PERMISSIVE" -> "HTTP/mTLS";
            default -> mode;
        };
    }

    /// What an automatic client does is what the server takes.
    private static String client(String mode, String server) {
        return switch (mode) {
            case "DISABLE" -> "HTTP";
            case "ISTIO_MUTUAL" -> "mTLS";
            case "SIMPLE" -> "TLS";
            case "MUTUAL" -> "custom mTLS";
            case "AUTO" -> server.equals("DISABLE") ? "HTTP" : "mTLS";
            default -> mode;
        };
    }

    /// As `name/namespace`; what is in no namespace keeps the stroke.
    private static String name(JsonNode key) {
        return key.isObject()
                ? key.path("name").asText() + "/" + key.path("namespace").asText()
                : NONE;
    }
}
