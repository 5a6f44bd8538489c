package io.countersign.mesh.distribution;

import io.countersign.mesh.InvalidInput;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What a node has in force, as it says itself.
///
/// @param node who reports
/// @param identity whose certificate the report is signed with
/// @param workloads the workloads that it serves, each with the serial (lower-case hex) of the certificate in use
/// @param topicId the id of the config topic that the position is of
/// @param position the next offset that it will read: all before it is in force on every event loop
/// @param trustSequence of the trust bundle in use
/// @param rejected config keys whose newest record is not in force, and why
/// @param admin where the distributor may ask what the node has loaded, as `host:port`; empty where it may not
/// @param certificateExpiry the first end of a certificate in use, or when a node that leaves stopped to serve; it
///     counts as gone after that
/// @param number greater with every report of the node, so that an older one that somebody repeats is known for that:
///     the milliseconds since the epoch at which it was made, at least; 0 from a version that gave none
public record NodeReport(
        NodeId node,
        SpiffeId identity,
        SortedMap<ConfigKey, String> workloads,
        String topicId,
        long position,
        long trustSequence,
        SortedMap<ConfigKey, String> rejected,
        String admin,
        Instant certificateExpiry,
        long number) {
    /// A host's name is no longer than 253 characters.
    private static final Pattern ADMIN = Pattern.compile("([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]):[0-9]{1,5}");

    /// A report without a number.
    public NodeReport(
            NodeId node,
            SpiffeId identity,
            SortedMap<ConfigKey, String> workloads,
            String topicId,
            long position,
            long trustSequence,
            SortedMap<ConfigKey, String> rejected,
            String admin,
            Instant certificateExpiry) {
        this(node, identity, workloads, topicId, position, trustSequence, rejected, admin, certificateExpiry, 0);
    }

    public NodeReport {
        if (!admin.isEmpty() && !ADMIN.matcher(admin).matches()) {
            throw new InvalidInput("admin of a report: no address (expected: host:port)");
        }
        workloads = Collections.unmodifiableSortedMap(new TreeMap<>(workloads));
        rejected = Collections.unmodifiableSortedMap(new TreeMap<>(rejected));
    }
}
