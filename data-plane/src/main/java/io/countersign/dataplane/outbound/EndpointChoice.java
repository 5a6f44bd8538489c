package io.countersign.dataplane.outbound;

import io.countersign.dataplane.relay.EndpointLoad;
import io.countersign.mesh.view.Upstream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Chooses among a destination's endpoints: least requests in flight, equals in turn; those that could not be reached
/// a short while ago come last, since a doubtful endpoint is better than none.
final class EndpointChoice {
    /// The first choice and one more, should the first not be reachable.
    private static final int CANDIDATES = 2;

    private EndpointChoice() {}

    /// One or two endpoints, the better first.
    static List<Upstream> among(List<Upstream> upstreams, EndpointLoad load) {
        if (upstreams.size() == 1) {
            return upstreams;
        }
        var first = load.turn() % upstreams.size();
        var turned = new ArrayList<Upstream>(upstreams.size());
        turned.addAll(upstreams.subList(first, upstreams.size()));
        turned.addAll(upstreams.subList(0, first));
        // The sort is stable: the turn decides among equals.
        return turned.stream()
                .map(upstream -> new Loaded(upstream, load.isSetAside(upstream), load.inFlight(upstream)))
                .sorted(Comparator.comparing(Loaded::setAside).thenComparingInt(Loaded::inFlight))
                .limit(CANDIDATES)
                .map(Loaded::upstream)
                .toList();
    }

    private record Loaded(Upstream upstream, boolean setAside, int inFlight) {}
}
