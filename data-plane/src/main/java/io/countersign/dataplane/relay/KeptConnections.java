package io.countersign.dataplane.relay;

import io.countersign.dataplane.tls.PeerIdentity;
import java.util.function.Predicate;

/// Upstream connections that outlive the one they were opened for. Belongs to one event loop, as does every call.
public interface KeptConnections {
    /// Called about once a second.
    void tick(long nowNanos);

    /// Other TLS contexts are in force: what was made with the old ones takes nothing new.
    void tlsChanged();

    /// Ends at once what leads to a server that was withdrawn.
    void cut(Predicate<PeerIdentity> withdrawn);
}
