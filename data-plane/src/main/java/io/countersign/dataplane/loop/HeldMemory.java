package io.countersign.dataplane.loop;

import io.netty.channel.EventLoop;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/// What accepted connections may hold of the node's memory together, on all its event loops. May be used on any thread.
final class HeldMemory {
    /// Of the bound: so much may come before what is held is measured again.
    private static final int LITTLE_PART = 16;

    private final ConnectionBounds bounds;
    private final Map<EventLoop, LoopMemory> loops;
    private volatile Consumer<Shed> told = _ -> {};

    HeldMemory(List<EventLoop> loops, ConnectionBounds bounds) {
        this.bounds = bounds;
        var made = new IdentityHashMap<EventLoop, LoopMemory>();
        loops.forEach(loop -> made.put(loop, new LoopMemory(this, loop)));
        this.loops = Collections.unmodifiableMap(made);
    }

    LoopMemory of(EventLoop loop) {
        return Objects.requireNonNull(loops.get(loop), "an event loop of another group");
    }

    void onShed(Consumer<Shed> listener) {
        told = listener;
    }

    Consumer<Shed> told() {
        return told;
    }

    ConnectionBounds bounds() {
        return bounds;
    }

    long total() {
        var sum = 0L;
        for (var loop : loops.values()) {
            sum += loop.total();
        }
        return sum;
    }

    boolean isFull() {
        return total() > bounds.heldBytes();
    }

    /// How much one loop may take on before it has to measure again.
    long untilFull() {
        return Math.max(bounds.heldBytes() - total(), bounds.heldBytes() / LITTLE_PART) / loops.size();
    }
}
