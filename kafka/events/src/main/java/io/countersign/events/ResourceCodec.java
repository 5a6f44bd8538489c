package io.countersign.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.countersign.mesh.identity.TrustDomain;
import io.countersign.mesh.projection.MeshSettings;
import io.countersign.mesh.resource.FieldProblem;
import io.countersign.mesh.resource.MtlsMode;
import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.SpecParser;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Values of [TopicCatalogue#RESOURCES]: a resource as it was written, and the mesh record.
public final class ResourceCodec {
    private static final String RESOURCE = "Resource";
    private static final String MESH = "Mesh";
    private static final int VERSION = 1;

    private ResourceCodec() {}

    /// A resource as policy-service stores it: the spec is the tree that was written, kept as it is.
    ///
    /// @param labels the resource's own labels
    /// @param spec JSON object, or null for an empty spec
    public record StoredResource(
            ResourceKey key,
            String uid,
            long generation,
            long sequence,
            Instant created,
            Map<String, String> labels,
            JsonNode spec) {}

    public static byte[] encode(StoredResource resource) {
        var node = JsonRecord.create(RESOURCE, VERSION)
                .put("uid", resource.uid())
                .put("generation", resource.generation())
                .put("sequence", resource.sequence())
                .put("created", resource.created().toString());
        node.set("labels", JsonRecord.texts(new TreeMap<>(resource.labels())));
        node.set("spec", resource.spec().isNull() ? JsonNodeFactory.instance.objectNode() : resource.spec());
        return JsonRecord.bytes(node);
    }

    /// Reads a resource; [UnreadableRecord] also for a spec that is not valid.
    public static Resource decode(ResourceKey key, byte[] value) {
        var record = JsonRecord.parse(value, RESOURCE, VERSION);
        var spec = plain(record.object("spec").node());
        return switch (SpecParser.parse(key, spec, record.textMap("labels"))) {
            case SpecParser.Parsed.Valid(var typed) ->
                new Resource(
                        key,
                        record.text("uid"),
                        record.whole("generation"),
                        record.whole("sequence"),
                        instant(record, "created"),
                        typed);
            case SpecParser.Parsed.Invalid(var problems) ->
                throw new UnreadableRecord(
                        key + ": " + problems.stream().map(ResourceCodec::line).collect(Collectors.joining("; ")));
        };
    }

    public static byte[] encode(MeshSettings settings) {
        var node = JsonRecord.create(MESH, VERSION)
                .put("meshId", settings.meshId())
                .put("trustDomain", settings.trustDomain().name())
                .put("rootNamespace", settings.rootNamespace())
                .put("defaultMode", settings.defaultMode().name());
        // Not in the first records: what is left out is on.
        return JsonRecord.bytes(settings.autoMtls() ? node : node.put("autoMtls", false));
    }

    public static MeshSettings decodeMesh(byte[] value) {
        try {
            var record = JsonRecord.parse(value, MESH, VERSION);
            return new MeshSettings(
                    record.text("meshId"),
                    new TrustDomain(record.text("trustDomain")),
                    record.text("rootNamespace"),
                    record.choice("defaultMode", MtlsMode.class),
                    !record.has("autoMtls") || record.flag("autoMtls"));
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecord("mesh record: " + e.getMessage(), e);
        }
    }

    /// A JSON tree as plain maps, lists, strings, numbers and booleans, which is what [SpecParser] reads.
    public static Object plain(JsonNode tree) {
        return JsonRecord.JSON.convertValue(tree, Object.class);
    }

    static Instant instant(JsonRecord record, String field) {
        try {
            return Instant.parse(record.text(field));
        } catch (DateTimeParseException e) {
            throw new UnreadableRecord(field + ": not a time (expected: RFC 3339)", e);
        }
    }

    private static String line(FieldProblem problem) {
        return problem.path() + ": " + problem.message();
    }
}
