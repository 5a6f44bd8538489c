package io.countersign.dataplane.view;

import io.countersign.follower.FollowedRecord;
import io.countersign.follower.TopicPosition;
import io.countersign.mesh.identity.TrustDomain;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/// What a node has applied, as it came from the bus: enough to serve on without it.
///
/// @param savedAt when it was applied
/// @param positions of every followed topic, after these records
/// @param records of each key the last good one; then the newest one of each key where that cannot be read
public record ConfigCopy(
        TrustDomain trustDomain,
        Instant savedAt,
        Map<String, TopicPosition> positions,
        Collection<FollowedRecord> records) {}
