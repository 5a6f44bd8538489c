package io.countersign.events;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import java.util.SortedMap;

/// The report inside a [SealedReport].
public final class NodeReportCodec {
    private static final String REPORT = "NodeReport";
    private static final int VERSION = 1;

    private NodeReportCodec() {}

    public static byte[] encode(NodeReport report) {
        var node = JsonRecord.create(REPORT, VERSION)
                .put("topicId", report.topicId())
                .put("position", report.position())
                .put("trustSequence", report.trustSequence())
                .put("certificateExpiry", report.certificateExpiry().toString());
        var workloads = node.putObject("workloads");
        report.workloads().forEach((key, serial) -> workloads.put(key.toString(), serial));
        var rejected = node.putObject("rejected");
        report.rejected().forEach((key, reason) -> rejected.put(key.toString(), reason));
        if (!report.admin().isEmpty()) {
            node.put("admin", report.admin());
        }
        if (report.number() > 0) {
            node.put("number", report.number());
        }
        return JsonRecord.bytes(node);
    }

    /// Reads a report.
    ///
    /// @param id of the node, the record's key
    /// @param identity of the certificate that sealed it
    public static NodeReport decode(NodeId id, SpiffeId identity, byte[] value) {
        try {
            var record = JsonRecord.parse(value, REPORT, VERSION);
            return new NodeReport(
                    id,
                    identity,
                    keyed(record, "workloads"),
                    record.text("topicId"),
                    record.whole("position"),
                    record.whole("trustSequence"),
                    keyed(record, "rejected"),
                    record.optionalText("admin").orElse(""),
                    ResourceCodec.instant(record, "certificateExpiry"),
                    record.has("number") ? record.whole("number") : 0);
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecord("report of " + id + ": " + e.getMessage(), e);
        }
    }

    private static SortedMap<ConfigKey, String> keyed(JsonRecord record, String field) {
        return record.map(
                field,
                key -> ConfigKey.parse(key).orElseThrow(() -> record.unreadable(field, "config keys")),
                JsonRecord::asText);
    }
}
