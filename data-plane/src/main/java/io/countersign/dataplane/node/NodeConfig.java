package io.countersign.dataplane.node;

import io.countersign.dataplane.tls.PostQuantum;
import io.countersign.mesh.config.ConfigKey;
import io.countersign.mesh.identity.SpiffeId;
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

    /// The trust domain whose bundle the node follows.
    TrustDomain trustDomain();

    /// Threads that carry connections.
    @WithDefault("2")
    int eventLoops();

    /// How long connections may take to end by themselves, when they are not welcome any more or the node stops.
    @WithDefault("PT5S")
    Duration drainTimeout();

    /// What the node has in force, and commands, for people on the same machine: a loopback address.
    Endpoint admin();

    /// Prometheus' endpoint.
    Metrics metrics();

    /// Whether every request and connection is a line in the log.
    @WithDefault("false")
    boolean accessLog();

    /// Where the last good config is kept for a start without the bus; empty to keep it in memory only.
    Optional<Path> stateDirectory();

    /// The process with whose end the node drains and ends; none to go on until it is told.
    Optional<Long> endsWithPid();

    /// Whether a stop in good order is for good, or may be: nobody waits for the node any more from then on, and its
    /// next start reads the bus before it serves. Otherwise it counts until its certificate ends.
    @WithDefault("false")
    boolean leavesWhenStopped();

    /// Whether the node is ready, by plain HTTP for probes; for the observer also what the node has in force.
    Endpoint health();

    /// Who may ask on the health address, by mutual TLS, for what the node has in force; nobody when empty.
    Optional<SpiffeId> observerId();

    /// Mutual TLS between workloads.
    Tls tls();

    /// The byte path.
    Relaying relay();

    /// An address that the node listens on.
    interface Endpoint {
        /// As `host:port`.
        InetSocketAddress address();
    }

    /// `countersign.node.metrics`.
    interface Metrics {
        /// As `host:port`; not served when empty.
        Optional<InetSocketAddress> address();
    }

    /// `countersign.node.tls`: mutual TLS between workloads.
    interface Tls {
        /// Whether the key exchange must withstand a quantum computer (X25519MLKEM768): `preferred` or `required`.
        @WithDefault("preferred")
        PostQuantum postQuantum();
    }

    /// `countersign.node.relay`: the bounds of the byte path.
    interface Relaying {
        /// How long connecting to an upstream may take.
        @WithDefault("PT5S")
        Duration connectTimeout();

        /// How long a connection of HTTP may be silent.
        @WithDefault("PT5M")
        Duration idleTimeout();

        /// How long a connection may be silent that is relayed as bytes: TCP, WebSocket, CONNECT.
        @WithDefault("PT1H")
        Duration rawIdleTimeout();

        /// How long an unused connection to an upstream is kept.
        @WithDefault("PT1M")
        Duration upstreamIdleTimeout();

        /// At most that many connections to one upstream from each event loop; one caller has half of them at most.
        @WithDefault("256")
        int connectionsPerUpstream();

        /// At most that many requests wait for a connection to one upstream on each event loop.
        @WithDefault("1024")
        int waitingPerUpstream();
    }
}
