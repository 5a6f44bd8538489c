package io.countersign.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.events.ResourceCodec.StoredResource;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.RevocationKey;
import io.countersign.mesh.identity.SpiffeId;
import io.countersign.mesh.resource.ResourceKey;
import io.countersign.mesh.resource.ResourceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// One example of every record, as the bytes that its first version had. The files are never edited, only added to.
enum Golden {
    MESH("Mesh", codec(ResourceCodec::decodeMesh, ResourceCodec::encode)),
    MESH_AUTO_OFF("Mesh", ".auto-off", codec(ResourceCodec::decodeMesh, ResourceCodec::encode)),
    RESOURCE("Resource", new Codec(value -> ResourceCodec.decode(Keys.POLICY, value), Golden::storedResource)),
    TRUST_BUNDLE("TrustBundle", codec(TrustBundleCodec::decode, TrustBundleCodec::encode)),
    REVOCATION("Revocation", codec(value -> RevocationCodec.decode(Keys.REVOKED, value), RevocationCodec::encode)),
    WORKLOAD("Workload", codec(value -> ConfigCodec.decode(Keys.WORKLOAD, value), ConfigCodec::encode)),
    WORKLOAD_LABELLED(
            "Workload", ".labelled", codec(value -> ConfigCodec.decode(Keys.WORKLOAD, value), ConfigCodec::encode)),
    NAMESPACE_RULES(
            "NamespaceRules", codec(value -> ConfigCodec.decode(ConfigKey.rules("full"), value), ConfigCodec::encode)),
    MESH_CONFIG("MeshConfig", codec(value -> ConfigCodec.decode(ConfigKey.MESH, value), ConfigCodec::encode)),
    SERVICE("Service", codec(value -> ConfigCodec.decode(Keys.SERVICE, value), ConfigCodec::encode)),
    SERVICE_ADDRESSED(
            "Service", ".addressed", codec(value -> ConfigCodec.decode(Keys.SERVICE, value), ConfigCodec::encode)),
    SEALED_REPORT("SealedReport", codec(SealedReport::decode, SealedReport::encode)),
    NODE_REPORT(
            "NodeReport",
            codec(value -> NodeReportCodec.decode(Keys.NODE, Keys.IDENTITY, value), NodeReportCodec::encode)),
    NODE_REPORT_ADMIN(
            "NodeReport",
            ".admin",
            codec(value -> NodeReportCodec.decode(Keys.NODE, Keys.IDENTITY, value), NodeReportCodec::encode)),
    NODE_REPORT_NUMBERED(
            "NodeReport",
            ".numbered",
            codec(value -> NodeReportCodec.decode(Keys.NODE, Keys.IDENTITY, value), NodeReportCodec::encode)),
    KNOWN_NODE("KnownNode", codec(value -> KnownNodeCodec.decode(Keys.NODE, value), KnownNodeCodec::encode)),
    DISTRIBUTION(
            "Distribution", codec(value -> DistributionCodec.decode(Keys.POLICY, value), DistributionCodec::encode));

    private static final int VERSION = 1;

    final String type;
    private final String variant;
    private final Codec codec;

    Golden(String type, Codec codec) {
        this(type, "", codec);
    }

    /// @param variant of the file's name: with fields that not every record has
    Golden(String type, String variant, Codec codec) {
        this.type = type;
        this.variant = variant;
        this.codec = codec;
    }

    /// How a value is read, and how it is read and written again.
    private record Codec(Function<byte[], Object> decode, UnaryOperator<byte[]> rewrite) {}

    private static <T> Codec codec(Function<byte[], T> decode, Function<T, byte[]> encode) {
        return new Codec(decode::apply, value -> encode.apply(decode.apply(value)));
    }

    byte[] bytes() {
        var name = "/golden/" + type + ".v" + VERSION + variant + ".json";
        try (var file = Golden.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new AssertionError("golden file: " + name + " (expected: on the class path)");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ObjectNode tree() {
        return parse(bytes());
    }

    /// Whether the first version of the type has the field, so that none goes without it.
    boolean requires(String field) {
        return Arrays.stream(values())
                .filter(golden -> golden.type.equals(type) && golden.variant.isEmpty())
                .anyMatch(golden -> golden.tree().has(field));
    }

    Object decode(byte[] value) {
        return codec.decode().apply(value);
    }

    byte[] rewrite(byte[] value) {
        return codec.rewrite().apply(value);
    }

    /// A resource is not read into what it is written from: its spec is read typed, and written as people wrote it.
    private static byte[] storedResource(byte[] value) {
        var tree = parse(value);
        return ResourceCodec.encode(new StoredResource(
                Keys.POLICY,
                tree.path("uid").textValue(),
                tree.path("generation").longValue(),
                tree.path("sequence").longValue(),
                Instant.parse(tree.path("created").textValue()),
                JsonRecord.parse(value, "Resource", VERSION).textMap("labels"),
                tree.path("spec")));
    }

    private static ObjectNode parse(byte[] value) {
        try {
            return (ObjectNode) JsonRecord.JSON.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The keys under which the examples stand on the bus, and who sealed the report.
    private static final class Keys {
        static final ResourceKey POLICY = ResourceKey.of(ResourceType.POLICY, "full", "httpbin");
        static final ConfigKey WORKLOAD = ConfigKey.workload("full", "httpbin");
        static final ConfigKey SERVICE = ConfigKey.service("full", "httpbin");
        static final RevocationKey REVOKED = RevocationKey.serial("1f2e");
        static final NodeId NODE = new NodeId("httpbin.full");
        static final SpiffeId IDENTITY = SpiffeId.parse("spiffe://cluster.local/ns/full/sa/httpbin");
    }
}
