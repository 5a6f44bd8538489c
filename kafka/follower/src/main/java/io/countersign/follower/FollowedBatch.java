package io.countersign.follower;

import java.util.List;
import java.util.Map;

/// What one poll brought: committed records, in each topic's order, and where every followed topic stands after them.
///
/// @param records may be empty: then only a position moved, past transaction markers or aborted records
/// @param positions of every followed topic, by name
public record FollowedBatch(List<FollowedRecord> records, Map<String, TopicPosition> positions) {
    public FollowedBatch {
        records = List.copyOf(records);
        positions = Map.copyOf(positions);
    }
}
