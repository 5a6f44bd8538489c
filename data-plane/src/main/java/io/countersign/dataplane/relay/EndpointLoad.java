package io.countersign.dataplane.relay;

import io.countersign.mesh.view.Upstream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// What one event loop knows of its endpoints, for a choice among them. Belongs to that loop.
public final class EndpointLoad {
    /// An endpoint that could not be reached is not the first choice for this long.
    private static final long SET_ASIDE_NANOS = Duration.ofSeconds(5).toNanos();

    /// So many endpoints are remembered as unreachable; past it the memory is emptied.
    private static final int SET_ASIDE_MAX = 4096;

    private final Map<Endpoint, Integer> inFlight = new HashMap<>();
    private final Map<Endpoint, Long> setAsideUntil = new HashMap<>();
    private int turn;

    /// A request or a connection goes to the endpoint; [#ended] follows.
    public void begun(Upstream upstream) {
        inFlight.merge(Endpoint.of(upstream), 1, Integer::sum);
    }

    public void ended(Upstream upstream) {
        inFlight.computeIfPresent(Endpoint.of(upstream), (_, count) -> count == 1 ? null : count - 1);
    }

    /// The endpoint could not be reached.
    public void setAside(Upstream upstream) {
        if (setAsideUntil.size() >= SET_ASIDE_MAX) {
            setAsideUntil.clear();
        }
        setAsideUntil.put(Endpoint.of(upstream), System.nanoTime() + SET_ASIDE_NANOS);
    }

    /// Requests and connections that this loop has with the endpoint.
    public int inFlight(Upstream upstream) {
        return inFlight.getOrDefault(Endpoint.of(upstream), 0);
    }

    /// Whether the endpoint could not be reached a short while ago.
    public boolean isSetAside(Upstream upstream) {
        var until = setAsideUntil.get(Endpoint.of(upstream));
        return until != null && System.nanoTime() - until < 0;
    }

    /// A number that grows with every call: whose turn it is among equals.
    public int turn() {
        return turn++ & Integer.MAX_VALUE;
    }

    void tick(long nowNanos) {
        setAsideUntil.values().removeIf(until -> nowNanos - until > 0);
    }

    private record Endpoint(String address, int port) {
        static Endpoint of(Upstream upstream) {
            return new Endpoint(upstream.address(), upstream.port());
        }
    }
}
