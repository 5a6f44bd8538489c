package io.countersign.policy.watch;

import io.countersign.policy.storage.ObjectsChanged;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes the watches of this process after a commit, and bounds their number. Commits of other processes are found
/// when a wait ends by itself.
@Singleton
public class WatchHub {
    /// Each watch holds a connection and reads on every change.
    private static final int WATCHES_MAX = 256;

    private final Semaphore free = new Semaphore(WATCHES_MAX);
    /// Guarded by this.
    private long changes;

    /// Guarded by this.
    private boolean closed;

    WatchHub(MeterRegistry metrics) {
        metrics.gauge("countersign.policy.watches.open", this, WatchHub::open);
    }

    synchronized void onChange(@Observes(during = TransactionPhase.AFTER_SUCCESS) ObjectsChanged event) {
        changes++;
        notifyAll();
    }

    synchronized void onStop(@Observes ShutdownEvent event) {
        closed = true;
        notifyAll();
    }

    /// Takes a place for one more watch; false when all are taken.
    boolean enter() {
        return free.tryAcquire();
    }

    void leave() {
        free.release();
    }

    /// How many watches there are now.
    public int open() {
        return WATCHES_MAX - free.availablePermits();
    }

    /// A number that grows with every change.
    synchronized long changes() {
        return changes;
    }

    /// Waits for a change after the one that was seen; returns false when the process is stopping.
    synchronized boolean await(long seen, Duration atMost) throws InterruptedException {
        var deadline = System.nanoTime() + atMost.toNanos();
        var left = atMost.toNanos();
        while (changes == seen && !closed && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadline - System.nanoTime();
        }
        return !closed;
    }
}
