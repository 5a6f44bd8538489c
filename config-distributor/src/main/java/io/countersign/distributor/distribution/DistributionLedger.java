package io.countersign.distributor.distribution;

import io.countersign.distributor.projection.ConfigChanges;
import io.countersign.distributor.projection.Confirmations;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.distribution.DistributionJudge;
import io.countersign.mesh.distribution.DistributionStatus;
import io.countersign.mesh.distribution.DistributionTarget;
import io.countersign.mesh.distribution.NodeReport;
import io.countersign.mesh.resource.Resource;
import io.countersign.mesh.resource.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Every resource's generation, what a node must have reached for it, and what was said of it last. A change of the
/// verdict and a rejection are told at once, progress at most once an interval. Owned by one thread.
public final class DistributionLedger {
    private final Duration progressInterval;
    /// What the topic said, until [#start].
    private final Map<ResourceKey, DistributionStatus> known = new HashMap<>();
    /// Folded, but not published yet.
    private final SortedMap<ResourceKey, Claim> awaiting = new TreeMap<>();
    private final Map<ResourceKey, TrackedGeneration> tracked = new HashMap<>();
    /// Those of the tracked that are not in force.
    private final NavigableSet<ResourceKey> open = new TreeSet<>();
    private final NavigableSet<ResourceKey> forgotten = new TreeSet<>();
    private Set<ConfigKey> rejected = Set.of();
    private Optional<ConfigPosition> end = Optional.empty();
    /// Config keys whose modes have steps to come.
    private Set<ConfigKey> changing = Set.of();
    /// Those that waited already when waiting was told of last.
    private Set<ResourceKey> lingering = Set.of();
    private Instant waitingTold = Instant.MIN;
    private boolean stirred;
    private Instant judged = Instant.MIN;

    public DistributionLedger(Duration progressInterval) {
        this.progressInterval = progressInterval;
    }

    /// What the topic says of a resource; only before [#start].
    public void known(ResourceKey resource, Optional<DistributionStatus> status) {
        status.ifPresentOrElse(last -> known.put(resource, last), () -> known.remove(resource));
    }

    /// Takes up what the topic says of a resource that is there: its target holds if it is of this generation and of
    /// the config topic that is there. Otherwise the generation waits for a position as a new one does.
    ///
    /// @param keys the config keys that the resource has a say in
    public void resume(Resource resource, Set<ConfigKey> keys, String topicId) {
        var last = known.remove(resource.key());
        if (last == null
                || !isOf(last.uid(), last.generation(), resource)
                || !last.topicId().equals(topicId)
                || last.reason().equals(DistributionJudge.CHANGING)) {
            applied(resource, keys);
            return;
        }
        var target = new DistributionTarget(
                resource.key(), resource.uid(), resource.generation(), topicId, last.position(), keys);
        track(resource.key(), new TrackedGeneration(target, Optional.of(last), Instant.MIN));
        stirred = true;
    }

    /// After every resource was resumed: statuses of resources that are gone are withdrawn.
    ///
    /// @param keep resources that are not known to be gone
    public void resumed(Predicate<ResourceKey> keep) {
        known.keySet().stream().filter(keep.negate()).forEach(forgotten::add);
        known.clear();
    }

    /// A resource was folded; it gets its target with the next [#positioned].
    public void applied(Resource resource, Set<ConfigKey> keys) {
        forgotten.remove(resource.key());
        awaiting.merge(resource.key(), Claim.of(resource, keys), Claim::followedBy);
    }

    /// A resource is gone.
    public void deleted(ResourceKey key) {
        awaiting.remove(key);
        tracked.remove(key);
        open.remove(key);
        forgotten.add(key);
    }

    /// What was folded is published up to a position.
    ///
    /// @param changes what was published just now, and what is not published yet: a resource that has a say in that
    ///     keeps waiting
    public void positioned(ConfigPosition position, ConfigChanges changes, Instant now) {
        end = Optional.of(position);
        changing = changes.changing();
        var claims = awaiting.values().iterator();
        while (claims.hasNext()) {
            var claim = claims.next();
            // What begins to change later is not of this generation.
            claim.pending()
                    .removeIf(key ->
                            !changes.held().contains(key) && !changes.changing().contains(key));
            if (!claim.pending().isEmpty()) {
                continue;
            }
            claims.remove();
            // The same generation again, with nothing new to publish: its target and its verdict stand.
            if (isTracked(claim.resource())
                    && Collections.disjoint(claim.keys(), changes.writes().keySet())) {
                continue;
            }
            track(claim.resource().key(), new TrackedGeneration(claim.target(position), Optional.empty(), now));
            stirred = true;
        }
    }

    /// The nodes' reports changed.
    public void reported() {
        stirred = true;
    }

    /// The statuses to be published now, which count as published; empty for a resource that is gone.
    public SortedMap<ResourceKey, Optional<DistributionStatus>> due(Confirmations nodes) {
        var reports = nodes.state().reports().values();
        var now = nodes.now();
        var due = new TreeMap<ResourceKey, Optional<DistributionStatus>>();
        forgotten.forEach(key -> due.put(key, Optional.empty()));
        forgotten.clear();
        if (stirred || !now.isBefore(judged.plus(progressInterval))) {
            stirred = false;
            judged = now;
            var samePosition = new HashMap<Long, DistributionStatus>();
            for (var key : toJudge(nodes.rejected())) {
                judge(key, nodes, samePosition).ifPresent(status -> due.put(key, Optional.of(status)));
            }
        }
        if (!now.isBefore(waitingTold.plus(progressInterval))) {
            waitingTold = now;
            tellWaiting(reports, now, due);
        }
        return due;
    }

    /// A change of mode that takes its time says whom it waits for.
    private void tellWaiting(
            Collection<NodeReport> reports, Instant now, SortedMap<ResourceKey, Optional<DistributionStatus>> due) {
        for (var claim : awaiting.values()) {
            if (lingering.contains(claim.resource().key()) && !Collections.disjoint(claim.pending(), changing)) {
                end.map(position -> DistributionJudge.changing(claim.target(position), reports, now))
                        .ifPresent(status -> due.put(status.resource(), Optional.of(status)));
            }
        }
        lingering = Set.copyOf(awaiting.keySet());
    }

    /// How many generations are on their way.
    public int openCount() {
        return open.size() + awaiting.size();
    }

    private Collection<ResourceKey> toJudge(Set<ConfigKey> nowRejected) {
        if (nowRejected.equals(rejected)) {
            return List.copyOf(open);
        }
        var changed = new HashSet<>(nowRejected);
        changed.addAll(rejected);
        rejected = nowRejected;
        return tracked.entrySet().stream()
                .filter(entry -> open.contains(entry.getKey())
                        || !Collections.disjoint(entry.getValue().target().configKeys(), changed))
                .map(Map.Entry::getKey)
                .toList();
    }

    private Optional<DistributionStatus> judge(
            ResourceKey key, Confirmations nodes, Map<Long, DistributionStatus> samePosition) {
        var now = nodes.now();
        var generation = Objects.requireNonNull(tracked.get(key), "open generations are tracked");
        // Where nobody rejects anything, the position alone decides.
        if (rejected.isEmpty() && nodes.lack(generation.target()) && generation.canWait(now, progressInterval)) {
            return Optional.empty();
        }
        var target = generation.target();
        var status = rejected.isEmpty() && target.topicId().equals(nodes.topicId())
                ? samePosition
                        .computeIfAbsent(target.position(), _ -> judge(target, nodes))
                        .of(target)
                : judge(target, nodes);
        if (generation.stands(status) || !generation.isDue(status, now, progressInterval)) {
            return Optional.empty();
        }
        track(key, generation.published(status, now));
        return Optional.of(status);
    }

    private static DistributionStatus judge(DistributionTarget target, Confirmations nodes) {
        return DistributionJudge.judge(target, nodes.state().reports().values(), nodes.now());
    }

    private void track(ResourceKey key, TrackedGeneration generation) {
        tracked.put(key, generation);
        if (generation.inForce()) {
            open.remove(key);
        } else {
            open.add(key);
        }
    }

    private boolean isTracked(Resource resource) {
        var generation = tracked.get(resource.key());
        return generation != null
                && isOf(generation.target().uid(), generation.target().generation(), resource);
    }

    private static boolean isOf(String uid, long generation, Resource resource) {
        return uid.equals(resource.uid()) && generation == resource.generation();
    }

    /// A generation that waits for its position.
    ///
    /// @param pending those of the keys whose last record is not published yet
    private record Claim(Resource resource, Set<ConfigKey> keys, Set<ConfigKey> pending) {
        static Claim of(Resource resource, Set<ConfigKey> keys) {
            return new Claim(resource, keys, new HashSet<>(keys));
        }

        Claim followedBy(Claim later) {
            var all = new HashSet<>(keys);
            all.addAll(later.keys);
            return Claim.of(later.resource, all);
        }

        DistributionTarget target(ConfigPosition position) {
            return new DistributionTarget(
                    resource.key(), resource.uid(), resource.generation(), position.topicId(), position.offset(), keys);
        }
    }
}
