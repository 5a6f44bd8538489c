package io.countersign.dataplane.http;

import io.countersign.dataplane.relay.Opening.Opened;

/// An upstream connection as its pool sees it. Belongs to one event loop.
interface PooledConnection {
    /// The connection, with who is proved at its other end.
    Opened opened();

    /// Whether an exchange can begin on it now.
    boolean isFree();

    /// Gives it an exchange, which is told.
    void lend(Exchange to);

    /// Whether it has served nobody since a point in time.
    boolean isIdleSince(long nanos);

    /// Takes nothing new; ends when it serves nobody any more.
    void retire();

    /// Ends it, and what it serves.
    void close();

    /// Ends it at once with a TCP RST.
    void cut();
}
