package io.countersign.dataplane.tcp;

import io.countersign.dataplane.relay.LoopRelay;
import java.util.function.BooleanSupplier;

/// When a connection of bytes is to be ended: nobody on it can be told to come to an end, so what is not welcome any
/// more may go on until the drain timeout. Belongs to one event loop.
public final class RawLifetime {
    /// What is to become of a connection.
    public enum Verdict {
        GOES_ON,
        /// It has been silent for too long.
        IDLE,
        /// It was not welcome any more, and has had its time.
        DRAINED
    }

    private final LoopRelay relay;
    private final BooleanSupplier welcome;
    private boolean draining;
    private long drainingSinceNanos;

    /// @param welcome whether the connection would still be let in, with certificates that have not ended
    public RawLifetime(LoopRelay relay, BooleanSupplier welcome) {
        this.relay = relay;
        this.welcome = welcome;
    }

    /// It is not welcome any more.
    public void drain() {
        if (!draining) {
            draining = true;
            drainingSinceNanos = System.nanoTime();
        }
    }

    /// What is to become of it now.
    ///
    /// @param touchedNanos when the last byte came from either side
    public Verdict at(long nowNanos, long touchedNanos) {
        if (!welcome.getAsBoolean()) {
            drain();
        }
        if (draining && nowNanos - drainingSinceNanos > relay.drainTimeoutNanos()) {
            return Verdict.DRAINED;
        }
        var idle = nowNanos - touchedNanos > relay.settings().rawIdleTimeout().toNanos();
        return idle ? Verdict.IDLE : Verdict.GOES_ON;
    }
}
