package io.countersign.dataplane.node;

import io.countersign.dataplane.view.ConfigApplier;
import io.countersign.follower.FollowerSettings;
import io.countersign.follower.TopicFollower;
import java.time.Duration;
import java.util.Map;

/// Keeps the bus followed: a follower that has stopped by itself is replaced by another, which reads from the topics'
/// start. What is in force stays so meanwhile.
final class ConfigFollower implements AutoCloseable {
    private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(1);

    private final FollowerSettings settings;
    private final ConfigApplier applier;
    private final Thread keeper = Thread.ofVirtual().name("config-follower").unstarted(this::keep);
    private volatile TopicFollower follower;

    private ConfigFollower(FollowerSettings settings, ConfigApplier applier) {
        this.settings = settings;
        this.applier = applier;
        follower = TopicFollower.start(settings, applier);
    }

    static ConfigFollower start(FollowerSettings settings, ConfigApplier applier) {
        var started = new ConfigFollower(settings, applier);
        started.keeper.start();
        return started;
    }

    @Override
    public void close() {
        keeper.interrupt();
        follower.close();
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
                follower.awaitEnd();
                var lasted = Duration.ofNanos(System.nanoTime() - since).compareTo(PAUSE_MAX) > 0;
                Thread.sleep(pause);
                pause = lasted ? PAUSE_MIN : min(pause.multipliedBy(2), PAUSE_MAX);
                applier.startOver();
                follower = TopicFollower.start(settings.resumingFrom(Map.of()), applier);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
