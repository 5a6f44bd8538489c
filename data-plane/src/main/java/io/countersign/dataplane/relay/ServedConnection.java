package io.countersign.dataplane.relay;

import io.countersign.dataplane.loop.Holder;
import io.countersign.dataplane.tls.PeerIdentity;
import io.netty.channel.Channel;
import java.util.Optional;

/// An accepted connection while it is served. Belongs to one event loop, as does every call.
public interface ServedConnection extends Holder {
    /// The accepted connection itself.
    Channel channel();

    /// The verified client; empty for plaintext.
    Optional<PeerIdentity> peer();

    /// Called about once a second, for timeouts and for what is not admitted any more.
    void tick(long nowNanos);

    /// Lets what is in progress finish, takes no more, and closes; at the drain timeout at the latest.
    void drain();

    /// Ends it at once with a TCP RST: its peer was withdrawn.
    void cut();
}
