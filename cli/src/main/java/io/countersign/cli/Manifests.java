package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.countersign.events.ResourceCodec;
import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.analysis.Analysis;
import io.countersign.mesh.analysis.Finding;
import io.countersign.mesh.analysis.FindingCode;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.projection.MeshEvent;
import io.countersign.mesh.projection.MeshSettings;
import io.countersign.mesh.projection.MeshState;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.mesh.resource.SpecParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The mesh that files describe. Not thread-safe.
final class Manifests {
    private static final YAMLMapper YAML = YAMLMapper.builder().build();
    private static final String INVALID = "CSN0001";

    /// What was applied before is older than what a file brings; later documents are younger.
    private static final Instant APPLIED_NOW = Instant.parse("9999-01-01T00:00:00Z");

    private final String namespace;
    private final ArrayNode invalid = JsonNodeFactory.instance.arrayNode();
    private MeshState state;
    private int skipped;
    private long sequence;

    /// @param namespace of documents that name none
    Manifests(String namespace, String rootNamespace) {
        this.namespace = namespace;
        state = MeshState.EMPTY.apply(new MeshEvent.MeshDefined(
                new MeshSettings("files", new TrustDomain("cluster.local"), rootNamespace, MtlsMode.PERMISSIVE, true)));
    }

    /// Reads a file, every YAML and JSON file of a folder, or with `-` the standard input.
    void read(String name) {
        try {
            if (name.equals("-")) {
                read(name, System.in);
                return;
            }
            for (var file : files(Path.of(name))) {
                try (var stream = Files.newInputStream(file)) {
                    read(file.toString(), stream);
                }
            }
        } catch (IOException e) {
            throw new Failure("file: " + name + " is not readable: " + e.getMessage(), e);
        }
    }

    /// What is wrong with the documents, then what the analysis finds.
    ArrayNode findings() {
        var pointless = pointless();
        var findings = invalid.deepCopy();
        Analysis.of(state).stream()
                .filter(finding -> !pointless.contains(finding.code()))
                .forEach(finding -> add(findings, finding));
        return findings;
    }

    /// What whoever reads the findings should know.
    List<String> remarks() {
        var remarks = new ArrayList<String>();
        if (skipped > 0) {
            remarks.add(skipped + " documents are of kinds that this mesh does not know");
        }
        if (!pointless().isEmpty()) {
            remarks.add("not all of Service and WorkloadEntry are in the files: what is for none of them is not told");
        }
        return remarks;
    }

    /// Files with policies alone say nothing of what is there.
    private Set<FindingCode> pointless() {
        var codes = EnumSet.noneOf(FindingCode.class);
        if (state.all(ResourceType.SERVICE).isEmpty()) {
            codes.add(FindingCode.RULE_WITHOUT_SERVICE);
            codes.add(FindingCode.POLICY_WITHOUT_SERVICE);
            codes.add(FindingCode.PORT_WITHOUT_SERVICE);
        }
        if (state.all(ResourceType.WORKLOAD_ENTRY).isEmpty()) {
            codes.add(FindingCode.POLICY_WITHOUT_WORKLOAD);
            codes.add(FindingCode.PORT_WITHOUT_SERVICE);
        }
        return codes;
    }

    private static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (var inside = Files.walk(path)) {
            return inside.filter(file -> file.toString().matches(".*\\.(ya?ml|json)"))
                    .sorted()
                    .toList();
        }
    }

    private void read(String file, InputStream stream) throws IOException {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(stream)) {
            while (documents.hasNextValue()) {
                var document = documents.nextValue();
                if (document.path("kind").asText().equals("List")) {
                    document.path("items").forEach(item -> add(file, item));
                } else if (document.isObject()) {
                    add(file, document);
                }
            }
        }
    }

    private void add(String file, JsonNode document) {
        var version = document.path("apiVersion").asText();
        var group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
        var type = ResourceType.of(group, document.path("kind").asText());
        type.ifPresentOrElse(known -> add(file, known, document), () -> skipped++);
    }

    private void add(String file, ResourceType type, JsonNode document) {
        var metadata = document.path("metadata");
        try {
            var key = ResourceKey.of(
                    type,
                    type.namespaced() ? metadata.path("namespace").asText(namespace) : "",
                    metadata.path("name").asText());
            var labels = new TreeMap<String, String>();
            metadata.path("labels")
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asText()));
            switch (SpecParser.parse(key, ResourceCodec.plain(document.path("spec")), labels)) {
                case SpecParser.Parsed.Valid(var spec) -> {
                    var uid = metadata.path("uid").asText(key.toString());
                    state = state.apply(new MeshEvent.ResourceApplied(
                            new Resource(key, uid, 1, ++sequence, created(metadata), spec)));
                }
                case SpecParser.Parsed.Invalid(var problems) ->
                    refuse(
                            file,
                            type,
                            metadata,
                            problems.stream()
                                    .map(problem -> problem.path() + ": " + problem.message())
                                    .collect(Collectors.joining("; ")));
            }
        } catch (InvalidInput | DateTimeParseException e) {
            refuse(file, type, metadata, String.valueOf(e.getMessage()));
        }
    }

    private Instant created(JsonNode metadata) {
        var written = metadata.path("creationTimestamp").asText("");
        return written.isEmpty() || written.equals("null") ? APPLIED_NOW.plusSeconds(sequence) : Instant.parse(written);
    }

    private void refuse(String file, ResourceType type, JsonNode metadata, String message) {
        var finding = invalid.addObject().put("code", INVALID).put("severity", "ERROR");
        finding.putObject("resource")
                .put("kind", type.kind())
                .put("namespace", type.namespaced() ? metadata.path("namespace").asText(namespace) : "")
                .put("name", metadata.path("name").asText());
        finding.put("message", file + ": " + message);
    }

    private static void add(ArrayNode findings, Finding found) {
        var finding = findings.addObject()
                .put("code", found.code().code())
                .put("severity", found.severity().name());
        finding.putObject("resource")
                .put("kind", found.resource().type().kind())
                .put("namespace", found.resource().namespace())
                .put("name", found.resource().name());
        finding.put("message", found.message());
    }
}
