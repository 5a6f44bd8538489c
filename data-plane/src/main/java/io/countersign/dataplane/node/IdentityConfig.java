package io.countersign.dataplane.node;

import io.countersign.mesh.identity.NodeId;
import io.countersign.mesh.identity.SpiffeId;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// `countersign.identity`: who the node is and who vouches for it.
public interface IdentityConfig {
    /// Where ca-service answers, `https://host:port`.
    URI caUri();

    /// The identity to ask for.
    SpiffeId spiffeId();

    /// The process that asks.
    NodeId nodeId();

    /// Holds the join token for the first SVID.
    Path joinTokenFile();

    /// Where chain, key and roots are kept as PEM files; empty to keep them in memory.
    Optional<Path> directory();
}
