package io.countersign.mesh.projection;

import io.countersign.mesh.config.PortMode;
import io.countersign.mesh.config.ProxyPresence;
import io.countersign.mesh.config.WorkloadConfig;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Brings a published workload record to the intended one without losing a request in between, whichever node
/// hears first. A port's mode walks the line of [PortMode] one step at a time: the server accepts both before
/// clients change, and takes nothing away before they have.
///
/// Each step admits no more than the old mode and the new one together, and what was published is all that the
/// planner needs to go on from.
public final class TransitionPlanner {
    private TransitionPlanner() {}

    /// Who has confirmed the published record.
    ///
    /// @param server every node that serves the workload has it in force
    /// @param everyone every node that is there has it in force
    public record Confirmed(boolean server, boolean everyone) {}

    /// The next record to publish, which may be the published one again.
    ///
    /// @param waiting whether there is more to come once nodes have confirmed it
    public record Step(WorkloadConfig next, boolean waiting) {}

    /// Plans the next step.
    ///
    /// @param published empty when nothing is
    public static Step next(Optional<WorkloadConfig> published, WorkloadConfig intended, Confirmed confirmed) {
        return published
                .filter(before -> isReached(before, intended))
                .map(before -> step(before, intended, confirmed))
                .orElseGet(() -> new Step(atRest(intended), false));
    }

    /// Whether clients may be speaking to the endpoint: a declared proxy that has not reported is not offered to them,
    /// and another life of the name is another endpoint.
    private static boolean isReached(WorkloadConfig published, WorkloadConfig intended) {
        return published.proxy() != ProxyPresence.DECLARED
                && intended.proxy() != ProxyPresence.DECLARED
                && published.uid().equals(intended.uid());
    }

    private static Step step(WorkloadConfig published, WorkloadConfig intended, Confirmed confirmed) {
        var goal = atRest(intended);
        var named = new TreeSet<>(goal.ports().keySet());
        named.addAll(published.ports().keySet());
        var others = step(published.otherPorts(), goal.otherPorts(), confirmed);
        var ports = new TreeMap<Integer, PortMode>();
        var waiting = others != goal.otherPorts();
        for (int port : named) {
            var mode = step(published.mode(port), goal.mode(port), confirmed);
            waiting |= mode != goal.mode(port);
            if (goal.ports().containsKey(port) || mode != others) {
                ports.put(port, mode);
            }
        }
        return new Step(goal.with(ports, others), waiting);
    }

    /// One step along the line, as far as the confirmations allow.
    static PortMode step(PortMode published, PortMode goal, Confirmed confirmed) {
        if (published == goal) {
            return goal;
        }
        var towardsStrict = goal.compareTo(published) > 0;
        return switch (published) {
            // The server opens up; no client has to follow.
            case DISABLE -> PortMode.OPEN;
            case OPEN ->
                towardsStrict
                        ? (confirmed.server() ? PortMode.PERMISSIVE : published)
                        : (confirmed.everyone() ? PortMode.DISABLE : published);
            case PERMISSIVE ->
                towardsStrict
                        ? (confirmed.everyone() ? PortMode.STRICT : published)
                        : (confirmed.server() ? PortMode.OPEN : published);
            case STRICT -> PortMode.PERMISSIVE;
        };
    }

    /// Where a record stays. A workload without a proxy takes what its application takes; the proxy that will stand
    /// before it has to find its port open until the clients know of it.
    private static WorkloadConfig atRest(WorkloadConfig intended) {
        if (intended.proxy() != ProxyPresence.NONE) {
            return intended;
        }
        var ports = new TreeMap<>(intended.ports());
        ports.replaceAll((_, mode) -> openWithoutProxy(mode));
        return intended.with(ports, openWithoutProxy(intended.otherPorts()));
    }

    private static PortMode openWithoutProxy(PortMode mode) {
        return mode == PortMode.DISABLE ? mode : PortMode.OPEN;
    }
}
