package io.countersign.ca;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The system's clock, put forward by as much as a test says.
@Alternative
@Priority(1)
@Singleton
public class AdjustableClock implements InstantSource {
    private volatile Duration ahead = Duration.ZERO;

    @Override
    public Instant instant() {
        return InstantSource.system().instant().plus(ahead);
    }

    void putForward(Duration duration) {
        ahead = duration;
    }
}
