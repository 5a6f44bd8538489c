package io.countersign.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that passes by being slept on, at once, so that a test of hours takes no time and no machine is too slow
/// for it. Stands still for good when the script has no answer left.
final class PassingTime implements InstantSource, SvidRenewer.Sleeper {
    private final ScriptedSource script;
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

    PassingTime(ScriptedSource script) {
        this.script = script;
    }

    void pass(Duration time) {
        now.updateAndGet(moment -> moment.plus(time));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
        if (script.isSpent()) {
            new CountDownLatch(1).await();
        }
        pass(time);
    }
}
