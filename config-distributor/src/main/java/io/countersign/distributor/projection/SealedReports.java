package io.countersign.distributor.projection;

import io.countersign.follower.FollowedRecord;
import io.countersign.identity.ReportVerifier;
import io.countersign.identity.ReportVerifier.Opened.Genuine;
import io.countersign.identity.ReportVerifier.Opened.Refused;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.TrustBundle;
import io.countersign.mesh.identity.TrustDomain;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/// Reports that wait to be opened. Trust comes on another topic than the reports, so that a report may be read before
/// the bundle that its certificate stands under: it waits for it, and a refused one is tried again under the next.
/// Owned by one thread.
public final class SealedReports {
    /// A node writes no more, with a thousand workloads either. Larger ones are refused unread.
    static final int REPORT_MAX = 256 * 1024;

    /// So much of what waits and is not known to be genuine, and as much of what was refused, is kept; more is dropped,
    /// and the nodes say it again. Whoever may write reports must not fill the memory with them.
    static final int KEPT_BYTES = 8 * 1024 * 1024;

    /// What keeping a record costs beside its value, about: empty ones are not free.
    private static final long RECORD_COST = 512;

    /// While the topics are read, what waits is looked through when so much has come.
    private static final int SIFTED_BYTES = KEPT_BYTES / 8;

    /// A record that is not the node's own, or an older one of it, must not hide the node's last report. Of more than
    /// so many of a node the newest genuine one is found; while nothing can be judged, so many may hide it.
    private static final int KEPT_A_NODE = 4;

    private final RejectedRecords rejected;
    private final Map<TrustDomain, Trusted> trusted = new HashMap<>();
    /// Newest first; nodes in the order in which they wrote.
    private final SequencedMap<NodeId, Deque<FollowedRecord>> waiting = new LinkedHashMap<>();
    private long waitingBytes;
    /// Of the last report of every node that is known.
    private final Map<NodeId, Long> numbers = new HashMap<>();
    /// The genuine one of the greatest number that waits. There are no more of these nodes than certificates were
    /// issued.
    private final Map<NodeId, Proven> proven = new HashMap<>();
    /// The newest that was refused, with what was refused or passed over behind it.
    private final SequencedMap<NodeId, Deque<FollowedRecord>> refused = new LinkedHashMap<>();
    /// Who judged last, and when; empty before anything could be.
    private Optional<Judge> judge = Optional.empty();

    public SealedReports(RejectedRecords rejected) {
        this.rejected = rejected;
    }

    /// Trust changed; a bundle that is older than the known one is a repeat.
    public void trust(TrustBundle bundle) {
        var known = trusted.get(bundle.trustDomain());
        if (known != null && known.sequence() >= bundle.sequence()) {
            return;
        }
        trusted.put(bundle.trustDomain(), new Trusted(bundle.sequence(), new ReportVerifier(bundle)));
        judge = Optional.empty();
        refused.forEach((node, records) -> records.reversed().forEach(each -> add(node, each)));
        refused.clear();
    }

    public void add(NodeId node, FollowedRecord followed) {
        if (length(followed) > REPORT_MAX) {
            rejected.add(followed, "report: %d bytes (expected: at most %d)".formatted(length(followed), REPORT_MAX));
            return;
        }
        var records = waiting.computeIfAbsent(node, _ -> new ArrayDeque<>());
        records.addFirst(followed);
        waitingBytes += cost(followed);
        if (records.size() > KEPT_A_NODE) {
            judge.ifPresentOrElse(
                    by -> {
                        waiting.remove(node);
                        waitingBytes -= costs(records);
                        sift(node, records, by);
                        boundRefused();
                    },
                    () -> waitingBytes -= cost(records.removeLast()));
        }
        if (waitingBytes > KEPT_BYTES) {
            dropLargest();
        }
    }

    /// Nobody can say yet who wrote them. A node's own report is small, so that the large ones go first; a quarter at
    /// once, since each time all are looked at.
    private void dropLargest() {
        var bySize = new ArrayList<>(waiting.keySet());
        bySize.sort(Comparator.comparingLong(node -> -costs(waitingOf(node))));
        for (var node : bySize) {
            if (waitingBytes <= KEPT_BYTES * 3L / 4) {
                return;
            }
            waitingBytes -= costs(waitingOf(node));
            waiting.remove(node);
        }
    }

    private Deque<FollowedRecord> waitingOf(NodeId node) {
        return Objects.requireNonNull(waiting.get(node), "a node that waits");
    }

    /// Looks through what waits while the topics are still read, so that what others wrote takes no room from the
    /// nodes' own reports: a node that is not known counts for nothing.
    ///
    /// @param domain the mesh's own; while it has no bundle, nothing can be told apart
    public void sift(TrustDomain domain, Instant now) {
        judgedBy(domain, now).filter(_ -> waitingBytes >= SIFTED_BYTES).ifPresent(by -> {
            waiting.forEach((node, records) -> sift(node, records, by));
            waiting.clear();
            waitingBytes = 0;
            boundRefused();
        });
    }

    private void sift(NodeId node, Deque<FollowedRecord> records, Judge by) {
        var found = Optional.<Proven>empty();
        for (var each : records) {
            switch (by.open(node, each)) {
                case Genuine(var report) -> {
                    if (found.filter(last -> last.number() >= report.number()).isEmpty()) {
                        found = Optional.of(new Proven(each, report.number()));
                    }
                }
                case Refused(var reason) -> {
                    if (each.equals(records.getFirst())) {
                        rejected.add(each, reason);
                    }
                }
            }
        }
        found.ifPresentOrElse(
                genuine -> proven.merge(
                        node, genuine, (earlier, later) -> earlier.number() > later.number() ? earlier : later),
                () -> refused.put(node, records));
    }

    private Optional<Judge> judgedBy(TrustDomain domain, Instant now) {
        judge = Optional.ofNullable(trusted.get(domain)).map(each -> new Judge(each.verifier(), now));
        return judge;
    }

    /// The node was forgotten.
    public void remove(NodeId node) {
        var waited = waiting.remove(node);
        waitingBytes -= waited == null ? 0 : costs(waited);
        proven.remove(node);
        refused.remove(node);
        numbers.remove(node);
        trusted.values().forEach(each -> each.verifier().forget(node));
    }

    /// A report was opened before, by another: what is older is a repeat.
    public void known(NodeReport report) {
        numbers.merge(report.node(), report.number(), Math::max);
    }

    /// Whether something that the node may have said waits to be opened.
    public boolean isWaiting(NodeId node) {
        return waiting.containsKey(node) || proven.containsKey(node);
    }

    /// Opens what waits: the newest genuine report of every node that sent one.
    ///
    /// @param domain the mesh's own; while it has no bundle, everything goes on waiting
    public List<NodeReport> open(TrustDomain domain, Instant now) {
        var by = judgedBy(domain, now);
        if (by.isEmpty() || (waiting.isEmpty() && proven.isEmpty())) {
            return List.of();
        }
        // Behind what has come since, beyond the usual number: what hides a genuine one must not push it out.
        proven.forEach((node, genuine) ->
                waiting.computeIfAbsent(node, _ -> new ArrayDeque<>()).add(genuine.followed()));
        proven.clear();
        var genuine = new ArrayList<NodeReport>();
        waiting.forEach((node, records) -> open(node, records, by.get()).ifPresent(genuine::add));
        waiting.clear();
        waitingBytes = 0;
        boundRefused();
        return genuine;
    }

    private void boundRefused() {
        var refusedBytes =
                refused.values().stream().mapToLong(SealedReports::costs).sum();
        while (refusedBytes > KEPT_BYTES) {
            refusedBytes -= costs(refused.pollFirstEntry().getValue());
        }
    }

    private static long costs(Deque<FollowedRecord> records) {
        return records.stream().mapToLong(SealedReports::cost).sum();
    }

    private static long cost(FollowedRecord followed) {
        return RECORD_COST + length(followed);
    }

    private static int length(FollowedRecord followed) {
        return value(followed).length;
    }

    private static byte[] value(FollowedRecord followed) {
        return Objects.requireNonNull(followed.value(), "a tombstone is no report");
    }

    /// Somebody may have repeated an older report of the node's own after its last one.
    private Optional<NodeReport> open(NodeId node, Deque<FollowedRecord> records, Judge by) {
        refused.remove(node);
        var last = Optional.<NodeReport>empty();
        for (var followed : records) {
            switch (by.open(node, followed)) {
                case Genuine(var report) -> {
                    if (last.filter(known -> known.number() >= report.number()).isEmpty()) {
                        last = Optional.of(report);
                    }
                    if (!refused.containsKey(node)) {
                        rejected.heal(followed);
                    }
                }
                case Refused(var reason) -> {
                    if (last.isEmpty() && !refused.containsKey(node)) {
                        rejected.add(followed, reason);
                        refused.put(node, records);
                    }
                }
            }
        }
        var newest = last.filter(report -> report.number() >= numbers.getOrDefault(node, 0L));
        newest.ifPresent(report -> numbers.put(node, report.number()));
        return newest;
    }

    private record Judge(ReportVerifier verifier, Instant now) {
        ReportVerifier.Opened open(NodeId node, FollowedRecord followed) {
            return verifier.open(node, value(followed), now);
        }
    }

    private record Proven(FollowedRecord followed, long number) {}

    /// What a bundle's sequence is compared with, and who judges by it.
    private record Trusted(long sequence, ReportVerifier verifier) {}
}
