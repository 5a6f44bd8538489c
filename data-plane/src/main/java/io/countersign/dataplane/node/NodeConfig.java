package io.countersign.dataplane.node;

import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.identity.TrustDomain;
import io.smallrye.config.WithDefault;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// `countersign.node`: what every kind of node needs to know of itself.
public interface NodeConfig {
    /// The workload that the node serves, as `namespace/name`; none for a gateway.
    Optional<ConfigKey> workload();

    TrustDomain trustDomain();

    /// Where the node may keep what it last applied.
    Optional<Path> stateDirectory();

    /// Threads that carry connections.
    @WithDefault("2")
    int eventLoops();

    /// How long connections may take to end by themselves, when they are not welcome any more or the node stops.
    @WithDefault("PT5S")
    Duration drainTimeout();

    Endpoint admin();

    Endpoint health();

    Relaying relay();

    /// An address that the node listens on.
    interface Endpoint {
        InetSocketAddress address();
    }

    /// `countersign.node.relay`: the bounds of the byte path.
    interface Relaying {
        @WithDefault("PT5S")
        Duration connectTimeout();

        @WithDefault("PT5M")
        Duration idleTimeout();

        @WithDefault("PT1M")
        Duration upstreamIdleTimeout();

        @WithDefault("256")
        int connectionsPerUpstream();

        @WithDefault("1024")
        int waitingPerUpstream();
    }
}
