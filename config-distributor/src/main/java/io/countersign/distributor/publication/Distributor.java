package io.countersign.distributor.publication;

import io.countersign.distributor.projection.OrderDoubtful;
import io.countersign.distributor.publication.Standing.Halted;
import io.countersign.distributor.publication.Standing.Publishing;
import io.countersign.distributor.publication.Standing.Standby;
import io.countersign.distributor.publication.Standing.Waiting;
import io.countersign.follower.CatalogueCheck;
import io.countersign.follower.UnreadableKeyException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a session going in the role that the election gives: after a failure and after a change of the role everything
/// is read anew, after failures with pauses that grow to a bound. Where order is
/// doubtful or a topic is not as the catalogue has it, it stays away from the bus until it is started anew.
public final class Distributor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Distributor.class);
    /// Enough for a step to end by itself.
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(2);
    /// A session's own bounds are below it.
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(12);
    /// How often a session is looked at, for the log; it publishes by itself.
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(200);

    /// Two that are started at once must not take the role from each other all the time.
    private static final Duration FENCED_PAUSE = Duration.ofSeconds(10);

    private static final int FIRST_PAUSE_DIVISOR = 10;
    private static final int PAUSE_FACTOR = 2;

    private final Map<String, Object> bus;
    private final PublicationSettings settings;
    private final InstantSource clock;
    private final DistributorMetrics metrics;
    private final Runnable unusableBus;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable Session session;
    private volatile Standing standing = new Waiting("not started");
    /// Owned by the thread.
    private Duration pause;
    /// What the last session knew that knew the mesh; owned by the thread.
    private DistributorSnapshot known = DistributorSnapshot.EMPTY;

    /// Does nothing before [#start].
    ///
    /// @param unusableBus called once when the bus is there, but not as the catalogue has it
    public Distributor(
            Map<String, Object> bus,
            PublicationSettings settings,
            InstantSource clock,
            DistributorMetrics metrics,
            Runnable unusableBus) {
        this.bus = Map.copyOf(bus);
        this.settings = settings;
        this.clock = clock;
        this.metrics = metrics;
        this.unusableBus = unusableBus;
        this.thread = Thread.ofPlatform().name("distributor").daemon(true).unstarted(this::run);
        this.pause = firstPause();
    }

    public void start() {
        thread.start();
    }

    public Standing standing() {
        var current = session;
        return current == null ? standing : current.standing();
    }

    /// What is known at the moment; nothing while the bus is away.
    public DistributorSnapshot snapshot() {
        var current = session;
        return current == null ? DistributorSnapshot.EMPTY : current.snapshot();
    }

    /// False when its thread has ended though it neither was closed nor has halted.
    public boolean alive() {
        return thread.isAlive() || closing.getCount() == 0 || standing instanceof Halted;
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            if (!thread.join(CLOSE_GRACE)) {
                thread.interrupt();
                if (!thread.join(CLOSE_TIMEOUT)) {
                    LOG.atWarn().log("distributor does not end");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closedWithin(Duration.ZERO) && !(standing instanceof Halted)) {
                try (var election = Election.enter(bus)) {
                    election.awaitFirst();
                    serve(election);
                } catch (RuntimeException e) {
                    // No server of the bus has an address, or the election broke off.
                    ended(e);
                    awaitNext();
                }
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("distributor interrupted");
        }
    }

    /// One session after another, until it is closed, halted, or nobody could tell its role any more.
    private void serve(Election election) throws InterruptedException {
        while (election.goesOn() && !closedWithin(Duration.ZERO) && !(standing instanceof Halted)) {
            live(election);
            awaitNext();
        }
    }

    private void awaitNext() throws InterruptedException {
        if (!(standing instanceof Halted) && !closedWithin(pause)) {
            pause = min(pause.multipliedBy(PAUSE_FACTOR), settings.retryPause());
        }
    }

    /// One session, from its opening to its end.
    private void live(Election election) throws InterruptedException {
        try (var opened = open(election.won())) {
            session = opened;
            var failure = follow(opened, election);
            remember(opened.snapshot());
            if (failure != null) {
                ended(failure);
            }
        } catch (RuntimeException e) {
            // The bus is away, or its topics are not as they must be.
            ended(e);
        } finally {
            session = null;
        }
    }

    /// A session that ended before it knew the mesh has learnt nothing.
    private void remember(DistributorSnapshot last) {
        if (last.end().isPresent() && last.state().settings().isPresent()) {
            known = last;
        }
    }

    private Session open(boolean writes) {
        CatalogueCheck.requireAsCatalogued(bus, Session.TOPICS);
        return Session.open(bus, settings, clock, metrics, known, writes);
    }

    /// What ended the session; null when the distributor is closed or its role has changed.
    private @Nullable Throwable follow(Session opened, Election election) throws InterruptedException {
        Standing last = standing;
        while (!closedWithin(Duration.ZERO) && election.goesOn() && opened.writes() == election.won()) {
            var current = opened.standing();
            if (!current.equals(last)) {
                log(current);
                last = current;
            }
            if (current instanceof Publishing || current instanceof Standby) {
                pause = firstPause();
            }
            try {
                return opened.stopped().get(WATCH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                LOG.atTrace().log("session goes on");
            } catch (ExecutionException e) {
                return e.getCause();
            }
        }
        return null;
    }

    private void ended(Throwable failure) {
        switch (failure) {
            case OrderDoubtful _, UnreadableKeyException _ -> halt(failure);
            case CatalogueCheck.Differs _ -> {
                halt(failure);
                unusableBus.run();
            }
            case ProducerFencedException _, InvalidProducerEpochException _ -> {
                standing = new Waiting("another distributor has taken the role");
                pause = FENCED_PAUSE;
                LOG.atWarn().log("another distributor has taken the role, it is left to it for a while");
            }
            default -> {
                standing = new Waiting("the last session ended: " + failure.getMessage());
                LOG.atWarn().addKeyValue("failure", failure.toString()).log("session ended, all is read anew");
            }
        }
    }

    private void halt(Throwable failure) {
        standing = new Halted(String.valueOf(failure.getMessage()));
        LOG.atError().setCause(failure).log("nothing is published any more, a person must look");
    }

    private static void log(Standing standing) {
        switch (standing) {
            case Publishing _ -> LOG.atInfo().log("caught up, changes are published");
            case Standby _ -> LOG.atInfo().log("caught up, another replica publishes");
            case Waiting(var reason) ->
                LOG.atWarn().addKeyValue("reason", reason).log("nothing is published yet");
            case Halted(var reason) ->
                LOG.atError().addKeyValue("reason", reason).log("halted");
        }
    }

    private boolean closedWithin(Duration time) throws InterruptedException {
        return closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Duration firstPause() {
        return settings.retryPause().dividedBy(FIRST_PAUSE_DIVISOR);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
