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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Wakes the watches of this process after a commit, and bounds their number. Commits of other processes are found
/// when a wait ends by itself.
@Singleton
public class WatchHub {
    /// Each watch holds a connection and reads on every change.
    private static final int WATCHES_MAX = 256;

    private final Semaphore free = new Semaphore(WATCHES_MAX);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// Guarded by the lock.
    private long changes;

    /// Guarded by the lock.
    private boolean closed;

    WatchHub(MeterRegistry metrics) {
        metrics.gauge("countersign.policy.watches.open", this, WatchHub::open);
    }

    void onChange(@Observes(during = TransactionPhase.AFTER_SUCCESS) ObjectsChanged event) {
        lock.lock();
        try {
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
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
    long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for a change after the one that was seen; returns false when the process is stopping.
    boolean await(long seen, Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            var left = atMost.toNanos();
            while (changes == seen && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    static Duration remaining(long deadlineNanos) {
        return Duration.of(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS.toChronoUnit());
    }
}
