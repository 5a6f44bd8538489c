package io.countersign.distributor.projection;

import io.countersign.events.ConfigCodec;
import io.countersign.events.UnreadableRecord;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.config.ConfigRecord;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.WorkloadConfig;
import io.countersign.mesh.projection.MeshState;
import io.countersign.mesh.projection.Projection;
import io.countersign.mesh.projection.TransitionPlanner;
import io.countersign.mesh.projection.TransitionPlanner.Confirmed;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Keeps what is published beside what may have changed, and finds what is to be published next. Owned by one thread.
public final class ConfigProjection {
    /// Below what Kafka takes in one record unless it is told otherwise.
    private static final int RECORD_MAX = 900 * 1024;

    private final Duration transitionMax;
    private final Map<ConfigKey, Published> published = new HashMap<>();
    /// Workloads whose published record says that a proxy is there.
    private final Set<ConfigKey> proxied = new HashSet<>();
    /// Whether one of those has no node that has reported: its reports, or what they are judged by, may be lost.
    private boolean silent;
    private SortedSet<ConfigKey> touched = new TreeSet<>();
    /// Those of the touched whose own resource changed.
    private final Set<ConfigKey> redefined = new HashSet<>();
    private final Set<ConfigKey> tooLarge = new HashSet<>();
    private final Set<ConfigKey> freshlyTooLarge = new HashSet<>();
    /// Those whose modes changed with the last plan.
    private final Set<ConfigKey> moved = new HashSet<>();
    /// Keys with more steps to come, and what had been confirmed when the last one was planned.
    private final Map<ConfigKey, Confirmed> waiting = new HashMap<>();

    /// A record as it stands on the topic.
    ///
    /// @param position the offset after it
    /// @param since when its modes last changed; they wait no longer than so long for nodes that stay silent
    private record Published(CanonicalBytes bytes, long position, Instant since) {}

    public ConfigProjection(Duration transitionMax) {
        this.transitionMax = transitionMax;
    }

    /// What the topic says of a key.
    ///
    /// @param position the offset after the record
    public void known(ConfigKey key, Optional<CanonicalBytes> value, long position) {
        value.ifPresentOrElse(
                bytes -> published.put(key, new Published(bytes, position, Instant.MAX)), () -> published.remove(key));
        watchProxy(key);
    }

    /// These keys may have to change.
    public void touch(Collection<ConfigKey> keys) {
        touched.addAll(keys);
    }

    /// The resource that the record is of was written, so that nothing of its former life binds.
    public void redefine(ConfigKey key) {
        redefined.add(key);
    }

    /// Everything may have to change: what the state gives, and what is published and no longer given.
    public void touchAll(MeshState state) {
        touched.addAll(Projection.keys(state));
        touched.addAll(published.keySet());
    }

    /// What must be written for the keys that were touched since the last call, and for those whose next step has
    /// become due; the held ones stay touched.
    public ConfigChanges changes(MeshState state, Predicate<ConfigKey> hold, Confirmations nodes, Instant now) {
        silent = proxied.stream().anyMatch(key -> isSilent(key, nodes));
        waiting.forEach((key, then) -> {
            if (!confirmed(key, nodes, now).equals(then)) {
                touched.add(key);
            }
        });
        moved.clear();
        var writes = new TreeMap<ConfigKey, Optional<CanonicalBytes>>();
        var held = new TreeSet<ConfigKey>();
        for (var key : touched) {
            if (hold.test(key)) {
                held.add(key);
                continue;
            }
            var next = Projection.project(state, key)
                    .map(intended -> next(key, intended, nodes, now))
                    .map(config -> new CanonicalBytes(ConfigCodec.encode(config)));
            if (next.filter(bytes -> bytes.array().length > RECORD_MAX).isPresent()) {
                // The bus would refuse it, and everything else with it.
                if (tooLarge.add(key)) {
                    freshlyTooLarge.add(key);
                }
                held.add(key);
                continue;
            }
            tooLarge.remove(key);
            if (next.isEmpty()) {
                waiting.remove(key);
            }
            redefined.remove(key);
            if (!next.equals(Optional.ofNullable(published.get(key)).map(Published::bytes))) {
                writes.put(key, next);
            }
        }
        touched = new TreeSet<>(held);
        return new ConfigChanges(writes, held, Set.copyOf(waiting.keySet()));
    }

    /// The writes are on the topic.
    ///
    /// @param position the offset after the last of them
    public void written(ConfigChanges changes, long position, Instant now) {
        changes.writes().forEach((key, value) -> {
            // Nobody has confirmed what was written only now.
            waiting.computeIfPresent(key, (_, _) -> new Confirmed(false, false));
            var before = published.remove(key);
            value.ifPresent(bytes -> {
                var since = before == null || moved.contains(key) ? now : before.since();
                published.put(key, new Published(bytes, position, since));
            });
            watchProxy(key);
        });
    }

    /// Keys whose next record the bus would not take, each told once; their last record stays.
    public Set<ConfigKey> takeTooLarge() {
        var taken = Set.copyOf(freshlyTooLarge);
        freshlyTooLarge.clear();
        return taken;
    }

    private ConfigRecord next(ConfigKey key, ConfigRecord intended, Confirmations nodes, Instant now) {
        if (!(intended instanceof WorkloadConfig workload)) {
            return intended;
        }
        var last = lastWorkload(key);
        var goal = redefined.contains(key) ? workload : ProxyLatch.hold(last, workload);
        var confirmed = confirmed(key, nodes, now);
        var step = TransitionPlanner.next(last, goal, confirmed);
        if (last.filter(before -> hasSameModes(before, step.next())).isEmpty()) {
            moved.add(key);
        }
        if (step.waiting()) {
            waiting.put(key, confirmed);
        } else {
            waiting.remove(key);
        }
        return step.next();
    }

    private static boolean hasSameModes(WorkloadConfig before, WorkloadConfig after) {
        return before.ports().equals(after.ports()) && before.otherPorts() == after.otherPorts();
    }

    private Optional<WorkloadConfig> lastWorkload(ConfigKey key) {
        var last = published.get(key);
        if (last == null || key.kind() != ConfigKey.Kind.WORKLOAD) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    (WorkloadConfig) ConfigCodec.decode(key, last.bytes().array()));
        } catch (UnreadableRecord _) {
            // Written by a version that knew more; what it said binds nothing that we could understand.
            return Optional.empty();
        }
    }

    private Confirmed confirmed(ConfigKey key, Confirmations nodes, Instant now) {
        var last = published.get(key);
        if (last == null || !now.isBefore(deadline(key, last, now))) {
            return new Confirmed(true, true);
        }
        // Who was there and says nothing has confirmed nothing.
        return new Confirmed(
                !(proxied.contains(key) && isSilent(key, nodes)) && nodes.server(key) >= last.position(),
                !silent && nodes.everyone() >= last.position());
    }

    private static boolean isSilent(ConfigKey workload, Confirmations nodes) {
        return !nodes.state().served().containsKey(workload);
    }

    private void watchProxy(ConfigKey key) {
        if (lastWorkload(key)
                .filter(last -> last.proxy() == ProxyPresence.PRESENT)
                .isPresent()) {
            proxied.add(key);
        } else {
            proxied.remove(key);
        }
    }

    /// What was read from the topic waits anew from the first time that it is looked at: later, never earlier.
    private Instant deadline(ConfigKey key, Published last, Instant now) {
        if (last.since().equals(Instant.MAX)) {
            published.put(key, new Published(last.bytes(), last.position(), now));
            return now.plus(transitionMax);
        }
        return last.since().plus(transitionMax);
    }
}
