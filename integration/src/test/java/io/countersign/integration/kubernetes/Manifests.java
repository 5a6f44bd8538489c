package io.countersign.integration.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What `kubectl kustomize` makes of a folder.
record Manifests(List<JsonNode> documents) {
    private static final long WAIT_SECONDS = 60;
    private static final List<String> WORKLOADS = List.of("Deployment", "StatefulSet");

    /// Builds a folder below `deploy/k8s`; a build that fails ends the test with kubectl's own words.
    static Manifests of(String folder) {
        var errors = temporary("kustomize-errors");
        var output = temporary("kustomize-output");
        try {
            var process = new ProcessBuilder(
                            "kubectl", "kustomize", folder().resolve(folder).toString())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("kubectl kustomize: not done after " + WAIT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new AssertionError(Files.readString(errors, StandardCharsets.UTF_8));
            }
            return new Manifests(parse(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("kubectl kustomize: interrupted", e);
        }
    }

    /// The folder `deploy/k8s`; tests run in their module's folder.
    static Path folder() {
        return Path.of("..", "deploy", "k8s");
    }

    Stream<JsonNode> ofKind(String kind) {
        return documents.stream()
                .filter(document -> kind.equals(document.path("kind").asText()));
    }

    /// The pod templates' specs.
    List<JsonNode> pods() {
        return WORKLOADS.stream()
                .flatMap(this::ofKind)
                .map(workload -> workload.at("/spec/template/spec"))
                .toList();
    }

    static String name(JsonNode document) {
        return document.at("/metadata/name").asText();
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static List<JsonNode> parse(Path file) throws IOException {
        var documents = new ArrayList<JsonNode>();
        try (var values = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            values.forEachRemaining(documents::add);
        }
        return List.copyOf(documents);
    }

    private static Path temporary(String prefix) {
        try {
            var file = Files.createTempFile(prefix, ".txt");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
