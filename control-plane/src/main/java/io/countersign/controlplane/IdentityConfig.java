package io.countersign.controlplane;

import io.smallrye.config.ConfigMapping;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// How the service gets its SVID, by which it serves.
@ConfigMapping(prefix = "countersign.identity")
public interface IdentityConfig {
    /// Where ca-service answers, `https://host:port`.
    URI caUri();

    /// The identity to ask for; its trust domain is the mesh's.
    String spiffeId();

    /// The process that asks.
    String nodeId();

    /// Holds the join token for the first SVID.
    Path joinTokenFile();

    /// Where the SVID is kept as PEM files; in memory only when left out.
    Optional<Path> directory();
}
