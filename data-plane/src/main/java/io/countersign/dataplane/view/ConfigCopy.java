package io.countersign.dataplane.view;

import io.countersign.events.Topic;
import io.countersign.follower.FollowedRecord;
import io.countersign.follower.TopicPosition;
import io.countersign.mesh.identity.TrustDomain;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a node has applied, as it came from the bus: enough to serve on without it.
///
/// @param savedAt when it was applied
/// @param positions of every followed topic, after these records
/// @param records of each key the last good one; then the newest one of each key where that cannot be read
public record ConfigCopy(
        TrustDomain trustDomain,
        Instant savedAt,
        Map<String, TopicPosition> positions,
        Collection<FollowedRecord> records) {
    /// Within it no tombstone was dropped yet that the copy has not seen.
    private static final Duration RESUMABLE = Topic.TOMBSTONES_KEPT.dividedBy(2);

    /// With what else was applied.
    ConfigCopy with(Map<String, TopicPosition> morePositions, Collection<FollowedRecord> moreRecords) {
        var allPositions = new HashMap<>(positions);
        allPositions.putAll(morePositions);
        return new ConfigCopy(
                trustDomain,
                savedAt,
                Map.copyOf(allPositions),
                Stream.concat(records.stream(), moreRecords.stream()).toList());
    }

    /// Whether one may go on from it: everything behind it is still on the topics.
    boolean resumable(Instant now) {
        var age = Duration.between(savedAt, now);
        return !age.isNegative()
                && age.compareTo(RESUMABLE) < 0
                && positions.keySet().containsAll(ConfigApplier.TOPICS)
                && positions.keySet().containsAll(TrustApplier.TOPICS);
    }

    Map<String, TopicPosition> positions(Collection<String> topics) {
        return positions.entrySet().stream()
                .filter(each -> topics.contains(each.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    List<FollowedRecord> records(Collection<String> topics) {
        return records.stream().filter(each -> topics.contains(each.topic())).toList();
    }
}
