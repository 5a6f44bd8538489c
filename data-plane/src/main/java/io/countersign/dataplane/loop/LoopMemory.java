package io.countersign.dataplane.loop;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the accepted connections of one event loop hold. Where those of all loops hold more than the bound, who holds
/// most for longest goes first. Belongs to its loop, but for what [HeldMemory] reads.
final class LoopMemory {
    private static final Logger LOG = LoggerFactory.getLogger(LoopMemory.class);
    private static final long TICK_MILLIS = 1_000;
    private static final long LOG_NANOS = 10_000_000_000L;

    /// Who holds less is left in peace as long as others are there: an ordinary request in progress.
    private static final long LITTLE = 4 * 1024;

    /// What is freed at a time, so that it need not be done again at once.
    private static final double KEPT = 0.75;

    /// How many of too many connections go at a time.
    private static final int ROOM = 64;

    private final HeldMemory all;
    private final Set<HeldBytes> connections = new HashSet<>();
    /// As last measured; written by the loop alone.
    private volatile long total;

    private long moved;
    private long movedMax;
    private long toldNanos = System.nanoTime() - LOG_NANOS;
    private int untold;

    LoopMemory(HeldMemory all, EventLoop loop) {
        this.all = all;
        var _ = loop.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    long total() {
        return total;
    }

    HeldBytes accepted(Channel channel, Object listener) {
        var held = new HeldBytes(this, channel, listener);
        connections.add(held);
        channel.closeFuture().addListener(_ -> connections.remove(held));
        return held;
    }

    /// Bytes were read, or wait to be written: they may have been passed on, or be held. Measuring waits until the
    /// bound could be reached.
    void moved(long bytes) {
        moved += bytes;
        if (moved > movedMax) {
            guarded();
        }
    }

    /// Ends those of a listener that have served nothing for longest.
    void makeRoom(Object listener) {
        var now = System.nanoTime();
        var idle = connections.stream()
                .filter(held -> held.isOf(listener) && held.idleSinceNanos(now) - now < 0)
                .sorted(Comparator.comparingLong(held -> held.idleSinceNanos(now) - now))
                .limit(ROOM)
                .toList();
        idle.forEach(held -> shed(held, Shed.CONNECTIONS));
    }

    /// An event loop never runs a periodic task again that threw once.
    private void tick() {
        try {
            var since = System.nanoTime() - all.bounds().headTimeout().toNanos();
            var late = connections.stream().filter(held -> held.isLate(since)).toList();
            late.forEach(held -> shed(held, Shed.HEAD_TIMEOUT));
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("late connections could not be ended");
        }
        guarded();
    }

    private void guarded() {
        try {
            moved = 0;
            measure();
            if (all.isFull()) {
                relieve();
            }
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("what connections hold could not be measured");
        }
    }

    private void measure() {
        var now = System.nanoTime();
        var sum = 0L;
        for (var held : connections) {
            held.measure(now);
            sum += held.bytes();
        }
        total = sum;
        movedMax = all.untilFull();
    }

    private void relieve() {
        var left = total;
        var kept = (long) (KEPT * all.bounds().heldBytes() * left / all.total());
        var weight = (ToDoubleFunction<HeldBytes>) HeldBytes::byteSeconds;
        var order = Comparator.comparing((HeldBytes held) -> held.bytes() < LITTLE)
                .thenComparing(Comparator.comparingDouble(weight).reversed());
        var sorted = new ArrayList<>(connections);
        sorted.sort(order);
        for (var held : sorted) {
            if (left <= kept) {
                break;
            }
            left -= held.bytes();
            shed(held, Shed.MEMORY);
        }
        total = left;
    }

    private void shed(HeldBytes held, Shed why) {
        held.reset();
        all.told().accept(why);
        untold++;
        var now = System.nanoTime();
        if (now - toldNanos > LOG_NANOS) {
            LOG.atWarn()
                    .addKeyValue("reason", why)
                    .addKeyValue("connections", untold)
                    .addKeyValue("held", all.total())
                    .addKeyValue("max", all.bounds().heldBytes())
                    .log("connections were reset to spare the node");
            toldNanos = now;
            untold = 0;
        }
    }
}
