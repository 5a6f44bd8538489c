package io.countersign.distributor.publication;

import io.countersign.distributor.projection.CanonicalBytes;
import io.countersign.events.ConfigCodec;
import io.countersign.events.DistributionCodec;
import io.countersign.events.KnownNodeCodec;
import io.countersign.events.TopicCatalogue;
import io.countersign.follower.FollowedRecord;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.ConfigRecord;
import io.countersign.mesh.distribution.DistributionStatus;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.resource.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A bus in memory: offsets count as Kafka's do, with a marker after every transaction that wrote config.
final class RecordingPublisher implements Publisher {
    final SortedMap<ConfigKey, ConfigRecord> config = new TreeMap<>();
    final Map<ResourceKey, DistributionStatus> statuses = new TreeMap<>();
    final Map<NodeId, NodeReport> known = new TreeMap<>();
    private final Map<ResourceKey, Optional<String>> histories = new TreeMap<>();
    final List<NodeId> forgotten = new ArrayList<>();
    int transactions;
    int configWrites;
    long end;

    @Override
    public void publish(Consumer<Transaction> writes) {
        transactions++;
        long before = end;
        writes.accept(new InMemory());
        if (end > before) {
            end++;
        }
    }

    DistributionStatus status(ResourceKey key) {
        return statuses.get(key);
    }

    /// What a follower would read of the distributor's own topics.
    List<FollowedRecord> ownRecords() {
        var records = new ArrayList<FollowedRecord>();
        config.forEach((key, value) -> records.add(new FollowedRecord(
                TopicCatalogue.CONFIG.name(), key.toString(), ConfigCodec.encode(value), records.size())));
        statuses.forEach((key, value) -> records.add(new FollowedRecord(
                TopicCatalogue.DISTRIBUTION.name(),
                key.toString(),
                DistributionCodec.encode(value),
                records.size(),
                histories.getOrDefault(key, Optional.empty()))));
        known.forEach((node, report) -> records.add(new FollowedRecord(
                TopicCatalogue.DISTRIBUTION.name(),
                KnownNodeCodec.key(node),
                KnownNodeCodec.encode(report),
                records.size())));
        return records;
    }

    private final class InMemory implements Transaction {
        @Override
        public long config(SortedMap<ConfigKey, Optional<CanonicalBytes>> writes) {
            writes.forEach((key, value) -> {
                end++;
                configWrites++;
                value.ifPresentOrElse(
                        bytes -> config.put(key, ConfigCodec.decode(key, bytes.array())), () -> config.remove(key));
            });
            return end;
        }

        @Override
        public void status(ResourceKey resource, Optional<DistributionStatus> status, Optional<String> history) {
            histories.put(resource, history);
            status.ifPresentOrElse(value -> statuses.put(resource, value), () -> statuses.remove(resource));
        }

        @Override
        public void forget(NodeId node) {
            forgotten.add(node);
        }

        @Override
        public void known(NodeId node, Optional<NodeReport> report) {
            report.ifPresentOrElse(value -> known.put(node, value), () -> known.remove(node));
        }
    }
}
