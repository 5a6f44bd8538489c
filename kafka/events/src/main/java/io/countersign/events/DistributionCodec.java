package io.countersign.events;

import io.countersign.mesh.distribution.DistributionStatus;
import io.countersign.mesh.distribution.DistributionStatus.Verdict;
import io.countersign.mesh.resource.ResourceKey;

/// Values of [TopicCatalogue#DISTRIBUTION].
public final class DistributionCodec {
    private static final String DISTRIBUTION = "Distribution";
    private static final int VERSION = 1;

    private DistributionCodec() {}

    public static byte[] encode(DistributionStatus status) {
        var node = JsonRecord.create(DISTRIBUTION, VERSION)
                .put("uid", status.uid())
                .put("generation", status.generation())
                .put("topicId", status.topicId())
                .put("position", status.position())
                .put("verdict", status.verdict().name())
                .put("reason", status.reason())
                .put("message", status.message())
                .put("nodes", status.nodes())
                .put("nodesInForce", status.nodesInForce());
        var behind = node.putArray("behind");
        status.behind().forEach(behind::add);
        return JsonRecord.bytes(node);
    }

    public static DistributionStatus decode(ResourceKey key, byte[] value) {
        var record = JsonRecord.parse(value, DISTRIBUTION, VERSION);
        return new DistributionStatus(
                key,
                record.text("uid"),
                record.whole("generation"),
                record.text("topicId"),
                record.whole("position"),
                record.choice("verdict", Verdict.class),
                record.text("reason"),
                record.text("message"),
                record.count("nodes"),
                record.count("nodesInForce"),
                record.list("behind", JsonRecord::asText));
    }
}
