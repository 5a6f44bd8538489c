package io.countersign.dataplane.loop;

import java.util.OptionalLong;

/// What serves an accepted connection, as far as the node's memory goes. Belongs to one event loop, as does every call.
public interface Holder {
    /// Adds all that is held for the connection, beside what waits to be written to it.
    void hold(HeldBytes held);

    /// Since when it has served nothing ([System#nanoTime]); empty while it does.
    OptionalLong idleSinceNanos();
}
