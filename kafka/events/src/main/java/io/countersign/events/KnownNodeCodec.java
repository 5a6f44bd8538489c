package io.countersign.events;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Records of the mesh's nodes on [TopicCatalogue#DISTRIBUTION]: who is awaited when the nodes' own topic is lost. What
/// a node has in force is not among it.
public final class KnownNodeCodec {
    /// Of the form of a resource's key, so that readers that do not know it pass over it.
    private static final String PREFIX = "countersign/node//";

    private static final String KNOWN_NODE = "KnownNode";
    private static final int VERSION = 1;

    private KnownNodeCodec() {}

    /// What of a report is worth a record when it changes.
    public record KnownNode(SpiffeId identity, SortedSet<ConfigKey> workloads, Instant certificateExpiry) {
        public static KnownNode of(NodeReport report) {
            return new KnownNode(
                    report.identity(), new TreeSet<>(report.workloads().keySet()), report.certificateExpiry());
        }
    }

    /// The key of a node's record.
    public static String key(NodeId node) {
        return PREFIX + node.value();
    }

    /// The node that a record is of; empty for a key of another kind.
    public static Optional<NodeId> node(String key) {
        return key.startsWith(PREFIX) ? Optional.of(new NodeId(key.substring(PREFIX.length()))) : Optional.empty();
    }

    public static byte[] encode(NodeReport report) {
        var node = JsonRecord.create(KNOWN_NODE, VERSION)
                .put("identity", report.identity().toString())
                .put("certificateExpiry", report.certificateExpiry().toString())
                .put("number", report.number());
        var workloads = node.putArray("workloads");
        report.workloads().keySet().forEach(key -> workloads.add(key.toString()));
        return JsonRecord.bytes(node);
    }

    /// Reads a record as a report of a node that has nothing in force.
    public static NodeReport decode(NodeId node, byte[] value) {
        try {
            var record = JsonRecord.parse(value, KNOWN_NODE, VERSION);
            var workloads = new TreeMap<ConfigKey, String>();
            record.list("workloads", JsonRecord::asText)
                    .forEach(key -> workloads.put(
                            ConfigKey.parse(key).orElseThrow(() -> record.unreadable("workloads", "config keys")), ""));
            return new NodeReport(
                    node,
                    SpiffeId.parse(record.text("identity")),
                    workloads,
                    "",
                    0,
                    0,
                    new TreeMap<>(),
                    "",
                    ResourceCodec.instant(record, "certificateExpiry"),
                    record.whole("number"));
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecord("known node " + node + ": " + e.getMessage(), e);
        }
    }
}
