package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "analyze",
        mixinStandardHelpOptions = true,
        description = {
            "Finds what does not do what it seems to, in the mesh or in files. docs/analysis.md lists the codes.",
            "Ends with exit code 1 when there is an ERROR."
        },
        footer = {
            "",
            "Examples:",
            "  csign analyze",
            "  csign analyze -f policies/ -f services.yaml",
            "  kubectl kustomize . | csign analyze -f -"
        })
final class AnalyzeCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            arity = "1..*",
            description = "Files or folders of YAML to look at instead of the mesh; - for the standard input.")
    private List<String> files = List.of();

    @Option(
            names = "--root-namespace",
            paramLabel = "NS",
            description = "With -f: the namespace whose rules hold for all (default: ${DEFAULT-VALUE}).")
    private String rootNamespace = "istio-system";

    @Option(names = "-o", paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES} (default: table).")
    private OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() {
        var findings = inNamespace(files.isEmpty() ? live() : offline());
        if (format == OutputFormat.JSON) {
            connection.print(JsonNodeFactory.instance.objectNode().set("findings", findings));
        } else if (findings.isEmpty()) {
            connection.print("no findings");
        } else {
            var table = new TextTable("SEVERITY", "CODE", "RESOURCE", "FINDING");
            findings.forEach(finding -> table.add(
                    finding.path("severity").asText(),
                    finding.path("code").asText(),
                    name(finding.path("resource")),
                    finding.path("message").asText()));
            connection.print(table);
        }
        for (var finding : findings) {
            if (finding.path("severity").asText().equals("ERROR")) {
                return 1;
            }
        }
        return 0;
    }

    private JsonNode live() {
        return connection.distributor().get("/v1/analysis").path("findings");
    }

    private JsonNode offline() {
        var manifests = new Manifests(connection.namedNamespace().orElse("default"), rootNamespace);
        files.forEach(manifests::read);
        manifests.remarks().forEach(connection::note);
        return manifests.findings();
    }

    /// What is in no namespace concerns all.
    private ArrayNode inNamespace(JsonNode findings) {
        var kept = JsonNodeFactory.instance.arrayNode();
        for (var finding : findings) {
            var namespace = finding.path("resource").path("namespace").asText();
            if (namespace.isEmpty()
                    || connection.namedNamespace().isEmpty()
                    || connection.namedNamespace().get().equals(namespace)) {
                kept.add(finding);
            }
        }
        return kept;
    }

    private static String name(JsonNode resource) {
        return resource.path("kind").asText() + " " + resource.path("name").asText() + "/"
                + resource.path("namespace").asText();
    }
}
