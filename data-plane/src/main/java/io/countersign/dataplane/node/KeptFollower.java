package io.countersign.dataplane.node;

import io.countersign.follower.FollowerListener;
import io.countersign.follower.FollowerSettings;
import io.countersign.follower.TopicFollower;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps topics followed: a follower that has stopped by itself is replaced by another, which reads from the topics'
/// start, after a pause that grows to a bound. What is in force stays so meanwhile.
final class KeptFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptFollower.class);
    private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(1);

    private final FollowerSettings settings;
    private final FollowerListener listener;
    private final Runnable startOver;
    private final Thread keeper;
    /// Guarded by this, as is which follower is the present one: none is started once it is closed.
    private boolean closed;

    private TopicFollower follower;

    private KeptFollower(FollowerSettings settings, FollowerListener listener, Runnable startOver) {
        this.settings = settings;
        this.listener = listener;
        this.startOver = startOver;
        follower = TopicFollower.start(settings, listener);
        keeper = Thread.ofVirtual().name(settings.name() + "-keeper").unstarted(this::keep);
    }

    /// Follows until it is closed.
    ///
    /// @param startOver called before another follower begins, while none runs
    /// @throws KafkaException when the client's properties are wrong
    static KeptFollower start(FollowerSettings settings, FollowerListener listener, Runnable startOver) {
        var started = new KeptFollower(settings, listener, startOver);
        started.keeper.start();
        return started;
    }

    @Override
    public void close() {
        TopicFollower last;
        synchronized (this) {
            closed = true;
            last = follower;
        }
        keeper.interrupt();
        last.close();
        try {
            keeper.join(PAUSE_MIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep() {
        var pause = PAUSE_MIN;
        try {
            while (true) {
                var since = System.nanoTime();
                present().awaitEnd();
                var lasted = Duration.ofNanos(System.nanoTime() - since).compareTo(PAUSE_MAX) > 0;
                Thread.sleep(pause);
                pause = lasted ? PAUSE_MIN : min(pause.multipliedBy(2), PAUSE_MAX);
                if (!replaced()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized TopicFollower present() {
        return follower;
    }

    /// False once it is closed. Where no other can be started the ended one stays, and so is looked at again.
    private synchronized boolean replaced() {
        if (closed) {
            return false;
        }
        try {
            startOver.run();
            follower = TopicFollower.start(settings.resumingFrom(Map.of()), listener);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).addKeyValue("follower", settings.name()).log("follower not started");
        }
        return true;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
