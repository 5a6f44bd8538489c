package io.countersign.policy.object;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.events.ResourceCodec;
import io.countersign.mesh.resource.FieldProblem;
import io.countersign.mesh.resource.FieldProblem.Reason;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import io.countersign.mesh.resource.SpecParser;
import io.countersign.policy.object.StoredObject.Labelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads the JSON tree of an object to a [Manifest], with every problem at once. A field that this mesh does not know
/// is a problem, whatever `fieldValidation` asks for: a misspelt field of a policy must not be dropped in silence.
public final class ManifestReader {
    private static final Set<String> TOP = Set.of("apiVersion", "kind", "metadata", "spec", "status");

    /// Those that the server sets, or that mean nothing here, are accepted and not stored.
    private static final Set<String> METADATA = Set.of(
            "name",
            "namespace",
            "labels",
            "annotations",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "managedFields",
            "selfLink",
            "generateName",
            "finalizers",
            "ownerReferences");

    private static final int ANNOTATIONS_MAX = 256 * 1024;

    private ManifestReader() {}

    /// What a tree reads to.
    public sealed interface Read {
        record Valid(Manifest manifest) implements Read {}

        /// The tree is an object of the kind, with faults in its fields.
        record Invalid(String name, List<FieldProblem> problems) implements Read {}

        /// The tree is another object than the path says.
        record Mismatch(String message) implements Read {}
    }

    /// Reads a tree.
    ///
    /// @param where the type, namespace and, if it has one, name in the request's path
    public static Read read(JsonNode tree, Where where) {
        return mismatch(tree, where).<Read>map(Read.Mismatch::new).orElseGet(() -> readFields(tree, where));
    }

    /// What a request's path says about the object in its body.
    ///
    /// @param namespace empty for kinds that are in none
    /// @param name empty when the object is to be created
    public record Where(ResourceType type, String version, String namespace, Optional<String> name) {}

    private static Optional<String> mismatch(JsonNode tree, Where where) {
        if (!tree.isObject()) {
            return Optional.of("body: not an object (expected: a JSON object)");
        }
        var expected = ObjectWriter.apiVersion(where.type(), where.version());
        if (!tree.path("apiVersion").asText().equals(expected)
                || !tree.path("kind").asText().equals(where.type().kind())) {
            return Optional.of("body: %s %s (expected: %s %s)"
                    .formatted(
                            tree.path("apiVersion").asText(),
                            tree.path("kind").asText(),
                            expected,
                            where.type().kind()));
        }
        var metadata = tree.path("metadata");
        var namespace = metadata.path("namespace").asText("");
        if (!namespace.isEmpty() && !namespace.equals(where.namespace())) {
            return Optional.of("the namespace of the provided object does not match the namespace sent on the request");
        }
        var name = metadata.path("name").asText("");
        return where.name()
                .filter(inPath -> !name.equals(inPath))
                .map(inPath ->
                        "the name of the object (" + name + ") does not match the name on the URL (" + inPath + ")");
    }

    private static Read readFields(JsonNode tree, Where where) {
        var problems = new ArrayList<FieldProblem>();
        var metadata = tree.path("metadata");
        unknownFields(tree, "", TOP, problems);
        if (!metadata.isObject()) {
            problems.add(new FieldProblem("metadata", Reason.REQUIRED, "required value"));
        }
        unknownFields(metadata, "metadata.", METADATA, problems);
        var labelling = new Labelling(
                texts(metadata.path("labels"), "metadata.labels", problems),
                texts(metadata.path("annotations"), "metadata.annotations", problems));
        checkSize(labelling.annotations(), problems);

        var name = metadata.path("name").asText("");
        var nameProblem = NameRules.problem(where.type(), name);
        nameProblem.ifPresent(problems::add);
        var spec = tree.path("spec").isMissingNode() || tree.path("spec").isNull() ? null : tree.path("spec");
        // With a name that cannot be, the rest is looked at all the same, under one that can.
        var key = ResourceKey.of(where.type(), where.namespace(), nameProblem.isPresent() ? "unnamed" : name);
        var plain = spec == null ? null : ResourceCodec.plain(spec);
        if (SpecParser.parse(key, plain, labelling.labels()) instanceof SpecParser.Parsed.Invalid(var ofSpec)) {
            problems.addAll(ofSpec);
        }
        return problems.isEmpty()
                ? new Read.Valid(
                        new Manifest(key, text(metadata, "uid"), text(metadata, "resourceVersion"), labelling, spec))
                : new Read.Invalid(name, List.copyOf(problems));
    }

    private static void unknownFields(JsonNode node, String path, Set<String> known, List<FieldProblem> problems) {
        node.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                problems.add(new FieldProblem(path + field, Reason.UNKNOWN, "unknown field"));
            }
        });
    }

    private static SortedMap<String, String> texts(JsonNode node, String path, List<FieldProblem> problems) {
        var texts = new TreeMap<String, String>();
        if (node.isMissingNode() || node.isNull()) {
            return texts;
        }
        if (!node.isObject()) {
            problems.add(new FieldProblem(path, Reason.INVALID, "invalid value: " + node + " (expected: a map)"));
            return texts;
        }
        node.properties().forEach(entry -> {
            if (entry.getValue().isTextual()) {
                texts.put(entry.getKey(), entry.getValue().textValue());
            } else {
                problems.add(new FieldProblem(
                        path + "[" + entry.getKey() + "]",
                        Reason.INVALID,
                        "invalid value: " + entry.getValue() + " (expected: a string)"));
            }
        });
        return texts;
    }

    private static void checkSize(SortedMap<String, String> annotations, List<FieldProblem> problems) {
        var size = annotations.entrySet().stream()
                .mapToLong(entry ->
                        entry.getKey().length() + (long) entry.getValue().length())
                .sum();
        if (size > ANNOTATIONS_MAX) {
            problems.add(new FieldProblem(
                    "metadata.annotations",
                    Reason.INVALID,
                    "size: " + size + " (expected: at most " + ANNOTATIONS_MAX + " characters)"));
        }
    }

    private static Optional<String> text(JsonNode metadata, String field) {
        return Optional.of(metadata.path(field).asText("")).filter(text -> !text.isEmpty());
    }
}
