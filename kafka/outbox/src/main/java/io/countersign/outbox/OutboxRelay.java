package io.countersign.outbox;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The loop that moves records from the table to the bus: oldest first, a bounded batch at a time, deleted only when
/// the bus has them. After a failure it starts again at the oldest record, so that nothing overtakes anything.
///
/// [#run()] belongs to one thread; [#nudge()] and [#stop()] may be called from any.
final class OutboxRelay implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);

    private final OutboxStore store;
    private final RecordSink sink;
    private final RelaySettings settings;
    private final HistoryGuard guard;
    private final Runnable topics;
    private final Semaphore nudges = new Semaphore(0);
    private final CountDownLatch stopped = new CountDownLatch(1);

    /// These are owned by the relay's thread.
    private int failures;

    private boolean waitingForTurn;

    /// What was told of last.
    private String doubt = "";

    /// @param guard whether this database may publish at all
    /// @param topics looks whether a topic was made anew; called before each look at the table; may wait at first
    OutboxRelay(OutboxStore store, RecordSink sink, RelaySettings settings, HistoryGuard guard, Runnable topics) {
        this.store = store;
        this.sink = sink;
        this.settings = settings;
        this.guard = guard;
        this.topics = topics;
    }

    /// Says that something was committed.
    void nudge() {
        if (nudges.availablePermits() == 0) {
            nudges.release();
        }
    }

    void stop() {
        stopped.countDown();
        nudges.release();
    }

    boolean isStopping() {
        return stopped.getCount() == 0;
    }

    @Override
    public void run() {
        try (store;
                sink) {
            while (!isStopping()) {
                step();
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("outbox relay interrupted");
            Thread.currentThread().interrupt();
        }
    }

    private void step() throws InterruptedException {
        try {
            if (!hasTurn()) {
                return;
            }
            if (sink.open()) {
                guard.forget();
            }
            var history = guard.require();
            topics.run();
            var published = publishOldest(history);
            recovered();
            if (published < settings.batchSize()) {
                awaitNudge();
            }
        } catch (RuntimeException e) {
            backOff(e);
        }
    }

    /// Waits a moment where another relay has its turn.
    private boolean hasTurn() throws InterruptedException {
        if (store.hasTurn()) {
            waitingForTurn = false;
            return true;
        }
        if (!waitingForTurn) {
            waitingForTurn = true;
            LOG.atInfo().log("outbox relay waits, another one publishes");
        }
        sink.close();
        guard.look();
        if (stopped.await(settings.maxBackoff().toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.atDebug().log("outbox relay stops without its turn");
        }
        return false;
    }

    private int publishOldest(UUID history) {
        // What is committed from here on nudges again, whether this read sees it or not.
        nudges.drainPermits();
        var records = store.oldest(history, settings.batchSize());
        if (!records.isEmpty()) {
            sink.publish(history, records);
            store.delete(records);
            guard.published(records);
        }
        return records.size();
    }

    private void awaitNudge() throws InterruptedException {
        if (nudges.tryAcquire(settings.pollInterval().toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.atTrace().log("outbox relay nudged");
        }
    }

    private void recovered() {
        doubt = "";
        if (failures > 0) {
            LOG.atInfo().addKeyValue("failures", failures).log("outbox relay publishes again");
            failures = 0;
        }
    }

    private void backOff(RuntimeException cause) throws InterruptedException {
        if (isStopping() || Thread.interrupted()) {
            stopped.countDown();
            return;
        }
        var wait = backoff(failures++);
        if (cause instanceof HistoryDoubtful doubtful) {
            tell(doubtful);
        }
        // One line an outage; the rest is for those who ask.
        var line = failures == 1 && !(cause instanceof HistoryDoubtful) ? LOG.atWarn() : LOG.atDebug();
        line.addKeyValue("cause", cause.toString()).addKeyValue("wait", wait).log("outbox relay waits for the bus");
        if (stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.atDebug().log("outbox relay stops while the bus is away");
        }
    }

    /// Told even if it began as an outage of the bus; once, though it is looked at again and again.
    private void tell(HistoryDoubtful cause) {
        var reason = String.valueOf(cause.getMessage());
        if (!reason.equals(doubt)) {
            doubt = reason;
            LOG.atError().addKeyValue("reason", reason).log("nothing is published, the topics are of another history");
        }
    }

    private Duration backoff(int failuresBefore) {
        var doublings = Math.min(failuresBefore, 10);
        var wait = FIRST_BACKOFF.multipliedBy(1L << doublings);
        return wait.compareTo(settings.maxBackoff()) < 0 ? wait : settings.maxBackoff();
    }
}
